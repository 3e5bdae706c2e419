using System.Globalization;

namespace CoolChat.UnitTests.SignIn.Evm;

/// <summary>
/// Assembles contracts for tests from their mnemonics, so that what they do can be read. <c>PUSH n</c> takes a hexadecimal number (0x...) or a label (@name);
/// <c>name:</c> is a jump's target.
/// </summary>
internal static class EvmAssembler
{
    private const string Mnemonics =
        "00 STOP 03 SUB 14 EQ 15 ISZERO 17 OR 1b SHL 1c SHR 35 CALLDATALOAD 36 CALLDATASIZE 37 CALLDATACOPY 39 CODECOPY 50 POP 51 MLOAD 52 MSTORE " +
        "54 SLOAD 55 SSTORE 56 JUMP 57 JUMPI 5a GAS 80 DUP1 90 SWAP1 f3 RETURN f5 CREATE2 fa STATICCALL fd REVERT";

    private static readonly Dictionary<string, byte> Codes =
        Mnemonics.Split(' ').Chunk(2).ToDictionary(static pair => pair[1], static pair => Convert.FromHexString(pair[0])[0], StringComparer.Ordinal);

    public static byte[] Assemble(string source)
    {
        string[] words = source.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        List<byte> code = [];
        Dictionary<string, byte> labels = new(StringComparer.Ordinal);
        List<(int At, string Label)> jumps = [];
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i].EndsWith(':'))
            {
                labels[words[i][..^1]] = (byte)code.Count;
                code.Add(0x5b);
            }
            else if (words[i] != "PUSH")
            {
                code.Add(Codes[words[i]]);
            }
            else if (words[++i].StartsWith('@'))
            {
                jumps.Add((code.Count + 1, words[i][1..]));
                code.AddRange([0x60, 0]);
            }
            else
            {
                byte[] number = Convert.FromHexString(words[i][2..]);
                code.Add((byte)(0x5f + number.Length));
                code.AddRange(number);
            }
        }
        foreach ((int at, string label) in jumps)
            code[at] = labels[label];
        return [.. code];
    }

    /// <summary>Code that creates a contract of this code.</summary>
    public static byte[] Creation(byte[] runtime) =>
    [
        .. Assemble(string.Create(CultureInfo.InvariantCulture, $"PUSH 0x{runtime.Length:x4} DUP1 PUSH 0x0c PUSH 0x00 CODECOPY PUSH 0x00 RETURN")),
        .. runtime,
    ];
}
