using System.Buffers.Binary;

namespace CoolChat.User.SignIn;

/// <summary>What a contract wallet says of a signature.</summary>
internal enum WalletVerdict
{
    Invalid = 0,
    Valid = 1,

    /// <summary>The call that should have deployed the wallet failed.</summary>
    DeploymentFailed = 2,

    /// <summary>There is no contract at the address, and the signature does not say how to deploy one.</summary>
    NoContract = 3,
}

/// <summary>
/// A program for the EVM that is run by <c>eth_call</c> as if it were the code that creates a contract: nothing is deployed, nothing is left behind.
/// It does what ERC-6492 asks of a verifier, in that order: deploy the wallet if there is none, ask <c>isValidSignature</c> (ERC-1271), and if a wallet that
/// was there before says no, make the prepared call and ask once more. It answers two words, verdict and chain id, whatever the wallet does
/// (a revert is a no), so that any error of the RPC is one of the RPC. Valid is the magic value padded with zeros, from an address with code: the head
/// of an echoed call, or what a precompiled contract returns, is not.
/// </summary>
internal static class SignatureProbe
{
    public const int AnswerSize = 2 * Word;

    private const int Word = 32;
    private const int HeadWords = 6;

    /// <summary>
    /// Behind it stand the arguments, copied to memory: 00 wallet, 20 factory, 40 length of the factory's call, 60 length of the wallet's call,
    /// 80 whether there is a factory, a0 a word for answers, c0 the factory's call and then the wallet's. Written without PUSH0, so that older chains run it.
    /// </summary>
    private const string Code =
        // Copy the arguments:
        // 00 PUSH args CODESIZE SUB PUSH args PUSH 0 CODECOPY
        "60a8380360a8600039" +
        // Stack: had = extcodesize(wallet):
        // 09 PUSH 0 MLOAD EXTCODESIZE DUP1 PUSH ask JUMPI
        "6000513b80602b57" +
        // No contract yet: deploy it, if the signature says how:
        // 11 PUSH 80 MLOAD PUSH deploy JUMPI
        "608051601c57" +
        // 17 PUSH 3 PUSH end JUMP
        "6003605a56" +
        // 1c deploy: PUSH deployed PUSH prepare JUMP
        "5b6022606756" +
        // 22 deployed: PUSH ask JUMPI PUSH 2 PUSH end JUMP
        "5b602b576002605a56" +
        // Is the signature valid?
        // 2b ask: PUSH asked PUSH valid JUMP
        "5b6031607a56" +
        // 31 asked: PUSH yes JUMPI
        "5b605757" +
        // No; if it had code and there is a preparation, prepare and ask again:
        // 35 ISZERO PUSH 80 MLOAD ISZERO OR PUSH no JUMPI
        "156080511517605157" +
        // 3e PUSH prepared PUSH prepare JUMP
        "6043606756" +
        // 43 prepared: ISZERO PUSH no JUMPI
        "5b15605157" +
        // 48 PUSH again PUSH valid JUMP
        "604d607a56" +
        // 4d again: PUSH yes JUMPI
        "5b605757" +
        // 51 no: PUSH 0 PUSH end JUMP
        "5b6000605a56" +
        // 57 yes: PUSH 1
        "5b6001" +
        // Return (verdict, chainid):
        // 5a end: PUSH 0 MSTORE CHAINID PUSH 20 MSTORE PUSH 40 PUSH 0 RETURN
        "5b6000524660205260406000f3" +
        // Prepare: call(gas, factory, 0, c0, length, 0, 0):
        // 67 prepare: PUSH 0 PUSH 0 PUSH 40 MLOAD PUSH c0 PUSH 0 PUSH 20 MLOAD GAS CALL
        "5b6000600060405160c060006020515af1" +
        // 78 SWAP1 JUMP
        "9056" +
        // Valid: staticcall(gas, wallet, c0 + length of the factory's call, length, a0, 20):
        // 7a valid: PUSH 20 PUSH a0 PUSH 60 MLOAD PUSH c0 PUSH 40 MLOAD ADD PUSH 0 MLOAD GAS STATICCALL
        "5b602060a060605160c0604051016000515afa" +
        // And returndatasize > 1f, and the word is the magic value:
        // 8d PUSH 1f RETURNDATASIZE GT AND
        "601f3d1116" +
        // 92 PUSH a0 MLOAD PUSH4 1626ba7e PUSH e0 SHL EQ AND
        "60a051631626ba7e60e01b1416" +
        // And extcodesize(wallet) is not 0:
        // 9f PUSH 0 MLOAD EXTCODESIZE ISZERO ISZERO AND
        "6000513b151516" +
        // a6 SWAP1 JUMP
        "9056";

    private static readonly byte[] CodeBytes = Convert.FromHexString(Code);
    private static readonly byte[] IsValidSignature = [0x16, 0x26, 0xba, 0x7e];

    /// <summary>The data of the call. <paramref name="factory"/> is null for a plain ERC-1271 signature.</summary>
    public static byte[] Build(EthereumAddress wallet, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature, EthereumAddress? factory, ReadOnlySpan<byte> factoryCall)
    {
        byte[] walletCall = EncodeWalletCall(hash, signature);
        byte[] data = new byte[CodeBytes.Length + (HeadWords * Word) + factoryCall.Length + walletCall.Length];
        CodeBytes.CopyTo(data, 0);
        Span<byte> head = data.AsSpan(CodeBytes.Length);
        wallet.ToBytes().CopyTo(head[(Word - EthereumAddress.Size)..]);
        factory?.ToBytes().CopyTo(head[((2 * Word) - EthereumAddress.Size)..]);
        WriteNumber(head[(2 * Word)..], factoryCall.Length);
        WriteNumber(head[(3 * Word)..], walletCall.Length);
        WriteNumber(head[(4 * Word)..], factory is null ? 0 : 1);
        factoryCall.CopyTo(head[(HeadWords * Word)..]);
        walletCall.CopyTo(head[((HeadWords * Word) + factoryCall.Length)..]);
        return data;
    }

    /// <summary>Null where this is not an answer of the program.</summary>
    public static (WalletVerdict Verdict, ulong ChainId)? ReadAnswer(ReadOnlySpan<byte> answer)
    {
        if (answer.Length != AnswerSize || answer[..(Word - 1)].ContainsAnyExcept((byte)0) || answer[Word - 1] > 3 ||
            answer[Word..^sizeof(ulong)].ContainsAnyExcept((byte)0))
            return null;
        return ((WalletVerdict)answer[Word - 1], BinaryPrimitives.ReadUInt64BigEndian(answer[^sizeof(ulong)..]));
    }

    /// <summary><c>isValidSignature(bytes32, bytes)</c></summary>
    private static byte[] EncodeWalletCall(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        int padded = (signature.Length + Word - 1) / Word * Word;
        byte[] call = new byte[IsValidSignature.Length + (3 * Word) + padded];
        IsValidSignature.CopyTo(call, 0);
        Span<byte> arguments = call.AsSpan(IsValidSignature.Length);
        hash.CopyTo(arguments);
        WriteNumber(arguments[Word..], 2 * Word);
        WriteNumber(arguments[(2 * Word)..], signature.Length);
        signature.CopyTo(arguments[(3 * Word)..]);
        return call;
    }

    private static void WriteNumber(Span<byte> word, int number) => BinaryPrimitives.WriteInt32BigEndian(word[(Word - sizeof(int))..], number);
}
