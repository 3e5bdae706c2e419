using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;
using CoolChat.User.SignIn;
using Xunit;

namespace CoolChat.UnitTests.SignIn.Evm;

/// <summary>Contract wallets on a real EVM: ERC-1271 and ERC-6492.</summary>
public sealed class ContractWalletTests(AnvilNode node) : IClassFixture<AnvilNode>
{
    private static readonly TestWallet Owner = TestWallet.Numbered(21);
    private static readonly TestWallet Stranger = TestWallet.Numbered(22);

    public static TheoryData<string> AlmostWallets => [.. TestContracts.AlmostWallets.Keys];

    [Fact]
    public async Task VerifyAsync_DeployedWalletOwnersSignature_IsPinnedToItsChain()
    {
        SignInHost host = await node.HostAsync();
        EthereumAddress wallet = await node.DeployAsync(TestContracts.WalletOf(Owner.Address));
        Result<WalletId> proven = await ProveAsync(host, wallet, Owner.Sign);
        Assert.True(proven.Ok, proven.Refusal?.ToString());
        Assert.Equal(new WalletId(wallet.ToString(), "eip155:31337"), proven.Value);
    }

    [Fact]
    public async Task VerifyAsync_DeployedWalletStrangersSignature_IsRefused()
    {
        SignInHost host = await node.HostAsync();
        EthereumAddress wallet = await node.DeployAsync(TestContracts.WalletOf(Owner.Address));
        AssertRefused(await ProveAsync(host, wallet, Stranger.Sign), "does not accept");
        AssertRefused(await ProveAsync(host, wallet, static _ => []), "does not accept");
        AssertRefused(await ProveAsync(host, wallet, static _ => new byte[EthereumSignature.MaxSize]), "does not accept");
    }

    [Theory]
    [MemberData(nameof(AlmostWallets))]
    public async Task VerifyAsync_AlmostAYes_IsANo(string contract)
    {
        SignInHost host = await node.HostAsync();
        EthereumAddress address = await node.DeployAsync(TestContracts.AlmostWallets[contract]);
        AssertRefused(await ProveAsync(host, address, Owner.Sign), "does not accept");
    }

    /// <summary>Nobody's account, and the contracts that every chain has at the first addresses: 4 returns what it is given.</summary>
    [Theory]
    [InlineData("0x000000000000000000000000000000000000dEaD")]
    [InlineData("0x0000000000000000000000000000000000000002")]
    [InlineData("0x0000000000000000000000000000000000000004")]
    public async Task VerifyAsync_NoContractThere_IsRefused(string text)
    {
        SignInHost host = await node.HostAsync();
        Assert.True(EthereumAddress.TryParse(text, out EthereumAddress address));
        AssertRefused(await ProveAsync(host, address, Owner.Sign), "no contract");
        EthereumAddress factory = await node.DeployAsync(TestContracts.Factory);
        byte[] call = TestContracts.FactoryCall(Salt(), TestContracts.WalletOf(Owner.Address));
        AssertRefused(await ProveAsync(host, address, message => TestContracts.Wrap(factory, call, Owner.Sign(message))), "does not accept");
    }

    [Fact]
    public async Task VerifyAsync_NotYetDeployed_IsAcceptedAndNothingIsDeployed()
    {
        SignInHost host = await node.HostAsync();
        (EthereumAddress factory, byte[] call, EthereumAddress wallet) = await PrepareAsync();
        Result<WalletId> proven = await ProveAsync(host, wallet, message => TestContracts.Wrap(factory, call, Owner.Sign(message)));
        Assert.True(proven.Ok, proven.Refusal?.ToString());
        Assert.Equal("eip155:31337", proven.Value.Chain);
        Assert.False(await node.HasCodeAsync(wallet));
    }

    [Fact]
    public async Task VerifyAsync_DeployedMeanwhile_StillAcceptsTheWrappedSignature()
    {
        SignInHost host = await node.HostAsync();
        (EthereumAddress factory, byte[] call, EthereumAddress wallet) = await PrepareAsync();
        await node.SendAsync(factory, call);
        Assert.True(await node.HasCodeAsync(wallet));
        Assert.True((await ProveAsync(host, wallet, message => TestContracts.Wrap(factory, call, Owner.Sign(message)))).Ok);
        Assert.True((await ProveAsync(host, wallet, Owner.Sign)).Ok);
        AssertRefused(await ProveAsync(host, wallet, message => TestContracts.Wrap(factory, call, Stranger.Sign(message))), "does not accept");
    }

    [Fact]
    public async Task VerifyAsync_NotYetDeployedAndWrong_IsRefused()
    {
        SignInHost host = await node.HostAsync();
        (EthereumAddress factory, byte[] call, EthereumAddress wallet) = await PrepareAsync();
        AssertRefused(await ProveAsync(host, wallet, message => TestContracts.Wrap(factory, call, Stranger.Sign(message))), "does not accept");
        AssertRefused(await ProveAsync(host, wallet, Owner.Sign), "no contract");
        byte[] elsewhere = TestContracts.FactoryCall(Salt(), TestContracts.WalletOf(Owner.Address));
        AssertRefused(await ProveAsync(host, wallet, message => TestContracts.Wrap(factory, elsewhere, Owner.Sign(message))), "does not accept");
        AssertRefused(await ProveAsync(host, wallet, message => TestContracts.Wrap(wallet, call, Owner.Sign(message))), "does not accept");
        EthereumAddress reverting = await node.DeployAsync(TestContracts.AlmostWallets["reverts"]);
        AssertRefused(await ProveAsync(host, wallet, message => TestContracts.Wrap(reverting, call, Owner.Sign(message))), "fails");
        AssertRefused(await ProveAsync(host, wallet, static _ => TestContracts.MagicSuffix), "not of its form");
    }

    [Fact]
    public async Task VerifyAsync_WantsPreparation_IsPreparedInTheCallOnly()
    {
        SignInHost host = await node.HostAsync();
        EthereumAddress wallet = await node.DeployAsync(TestContracts.WantsPreparation);
        EthereumAddress reverting = await node.DeployAsync(TestContracts.AlmostWallets["reverts"]);
        AssertRefused(await ProveAsync(host, wallet, Owner.Sign), "does not accept");
        Assert.True((await ProveAsync(host, wallet, message => TestContracts.Wrap(wallet, [1, 2, 3, 4], Owner.Sign(message)))).Ok);
        AssertRefused(await ProveAsync(host, wallet, message => TestContracts.Wrap(reverting, [], Owner.Sign(message))), "does not accept");
        AssertRefused(await ProveAsync(host, wallet, Owner.Sign), "does not accept");
    }

    [Fact]
    public async Task VerifyAsync_EndpointOfAnotherChain_IsNotBelieved()
    {
        await using SignInHost host = await SignInHost.StartAsync("--Auth:PublicOrigins:0=" + SignInHost.Site, $"--Ethereum:Rpc:1={node.Address}");
        EthereumAddress wallet = await node.DeployAsync(TestContracts.WalletOf(Owner.Address));
        SiweMessage message = host.Message(wallet, chainId: 1);
        Assert.Equal(SignInErrors.RpcUnavailable, (await host.ProveAsync(message, Owner)).Refusal?.Code);
    }

    private async Task<(EthereumAddress Factory, byte[] Call, EthereumAddress Wallet)> PrepareAsync()
    {
        EthereumAddress factory = await node.DeployAsync(TestContracts.Factory);
        byte[] salt = Salt();
        byte[] runtime = TestContracts.WalletOf(Owner.Address);
        return (factory, TestContracts.FactoryCall(salt, runtime), TestContracts.Create2Address(factory, salt, runtime));
    }

    private static byte[] Salt() => [.. Guid.NewGuid().ToByteArray(), .. Guid.NewGuid().ToByteArray()];

    private static Task<Result<WalletId>> ProveAsync(SignInHost host, EthereumAddress wallet, Func<string, byte[]> sign)
    {
        string message = host.Message(wallet, AnvilNode.ChainId).ToMessage();
        return host.ProveAsync(message, sign(message));
    }

    private static void AssertRefused(Result<WalletId> result, string because)
    {
        Assert.Equal(SignInErrors.SignatureInvalid, result.Refusal?.Code);
        Assert.Contains(because, result.Refusal?.Detail, StringComparison.Ordinal);
    }
}
