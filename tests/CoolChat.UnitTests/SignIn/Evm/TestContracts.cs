using CoolChat.User.SignIn;

namespace CoolChat.UnitTests.SignIn.Evm;

/// <summary>Contracts written for these tests.</summary>
internal static class TestContracts
{
    private const string Magic = "PUSH 0x1626ba7e PUSH 0xe0 SHL";
    private const string ReturnWord = "PUSH 0x00 MSTORE PUSH 0x20 PUSH 0x00 RETURN";

    /// <summary>A factory: its call's data are a salt and creation code. It reverts where nothing is created.</summary>
    public static readonly byte[] Factory = EvmAssembler.Assemble($"""
        PUSH 0x20 CALLDATASIZE SUB DUP1 PUSH 0x20 PUSH 0x00 CALLDATACOPY
        PUSH 0x00 CALLDATALOAD SWAP1 PUSH 0x00 PUSH 0x00 CREATE2
        DUP1 ISZERO PUSH @fail JUMPI
        {ReturnWord}
        fail: PUSH 0x00 PUSH 0x00 REVERT
        """);

    /// <summary>A wallet (ERC-1271) that says yes once anybody has called it with something else than <c>isValidSignature</c>.</summary>
    public static readonly byte[] WantsPreparation = EvmAssembler.Assemble($"""
        PUSH 0x00 CALLDATALOAD PUSH 0xe0 SHR PUSH 0x1626ba7e EQ PUSH @asked JUMPI
        PUSH 0x01 PUSH 0x00 SSTORE STOP
        asked: PUSH 0x00 SLOAD PUSH @ready JUMPI
        PUSH 0x00 PUSH 0x00 REVERT
        ready: {Magic} {ReturnWord}
        """);

    /// <summary>Contracts that come close to saying yes, and don't.</summary>
    public static readonly IReadOnlyDictionary<string, byte[]> AlmostWallets = new Dictionary<string, byte[]>(StringComparer.Ordinal)
    {
        ["reverts"] = EvmAssembler.Assemble("PUSH 0x00 PUSH 0x00 REVERT"),
        ["reverts with the magic value"] = EvmAssembler.Assemble($"{Magic} PUSH 0x00 MSTORE PUSH 0x20 PUSH 0x00 REVERT"),
        ["returns another value"] = EvmAssembler.Assemble($"PUSH 0xffffffff PUSH 0xe0 SHL {ReturnWord}"),
        ["returns true"] = EvmAssembler.Assemble($"PUSH 0x01 {ReturnWord}"),
        ["returns the magic value at the wrong end"] = EvmAssembler.Assemble($"PUSH 0x1626ba7e {ReturnWord}"),
        ["returns the magic value and more behind it"] = EvmAssembler.Assemble($"{Magic} PUSH 0x01 OR {ReturnWord}"),
        ["returns four bytes only"] = EvmAssembler.Assemble($"{Magic} PUSH 0x00 MSTORE PUSH 0x04 PUSH 0x00 RETURN"),
        ["returns nothing"] = EvmAssembler.Assemble("STOP"),
        ["returns what it is given"] = EvmAssembler.Assemble("CALLDATASIZE PUSH 0x00 PUSH 0x00 CALLDATACOPY CALLDATASIZE PUSH 0x00 RETURN"),
        ["returns a megabyte"] = EvmAssembler.Assemble("PUSH 0x100000 PUSH 0x00 RETURN"),
        ["never ends"] = EvmAssembler.Assemble("again: PUSH @again JUMP"),
        ["writes, which a static call may not"] = EvmAssembler.Assemble($"PUSH 0x01 PUSH 0x00 SSTORE {Magic} {ReturnWord}"),
    };

    /// <summary>A wallet (ERC-1271) that accepts what <paramref name="owner"/> signs with r, s, v.</summary>
    public static byte[] WalletOf(EthereumAddress owner) => EvmAssembler.Assemble($"""
        PUSH 0x04 CALLDATALOAD PUSH 0x00 MSTORE
        PUSH 0xa4 CALLDATALOAD PUSH 0xf8 SHR PUSH 0x20 MSTORE
        PUSH 0x64 CALLDATALOAD PUSH 0x40 MSTORE
        PUSH 0x84 CALLDATALOAD PUSH 0x60 MSTORE
        PUSH 0x20 PUSH 0x80 PUSH 0x80 PUSH 0x00 PUSH 0x01 GAS STATICCALL POP
        PUSH 0x80 MLOAD PUSH {owner.ToLowerHex()} EQ PUSH @yes JUMPI
        PUSH 0xffffffff PUSH 0xe0 SHL {ReturnWord}
        yes: {Magic} {ReturnWord}
        """);

    /// <summary>The data of a call to <see cref="Factory"/>.</summary>
    public static byte[] FactoryCall(byte[] salt, byte[] runtime) => [.. salt, .. EvmAssembler.Creation(runtime)];

    /// <summary>Where the factory puts it (EIP-1014).</summary>
    public static EthereumAddress Create2Address(EthereumAddress factory, byte[] salt, byte[] runtime) =>
        new(Keccak256.Hash([0xff, .. factory.ToBytes(), .. salt, .. Keccak256.Hash(EvmAssembler.Creation(runtime))]).AsSpan(12));

    /// <summary>ERC-6492: <c>abi.encode(factory, call, signature)</c> and the magic bytes.</summary>
    public static byte[] Wrap(EthereumAddress factory, byte[] call, byte[] signature)
    {
        byte[] callBytes = Bytes(call);
        return [.. new byte[12], .. factory.ToBytes(), .. Number(0x60), .. Number(0x60 + callBytes.Length), .. callBytes, .. Bytes(signature), .. MagicSuffix];
    }

    public static byte[] MagicSuffix { get; } = Convert.FromHexString(string.Concat(Enumerable.Repeat("6492", 16)));

    public static byte[] Number(int number) => Convert.FromHexString(number.ToString("x64", System.Globalization.CultureInfo.InvariantCulture));

    private static byte[] Bytes(byte[] bytes) => [.. Number(bytes.Length), .. bytes, .. new byte[(32 - (bytes.Length % 32)) % 32]];
}
