using System.Globalization;
using CoolChat.Contracts.Internal;

namespace CoolChat.User.SignIn;

/// <summary>
/// Every way in which proving a wallet can fail, with its stable code. The field is a path into the body of <c>POST /user/auth/verify</c>:
/// <c>message.chainId</c>, <c>message.resources[1]</c>, <c>signature</c>.
/// </summary>
internal static class SignInErrors
{
    // The message is not one of EIP-4361 (400).
    public const string MessageTooLong = "siwe_too_long";
    public const string LineEnding = "siwe_line_ending";
    public const string Preamble = "siwe_preamble_invalid";
    public const string SchemeInvalid = "siwe_scheme_invalid";
    public const string DomainInvalid = "siwe_domain_invalid";
    public const string AddressInvalid = "siwe_address_invalid";
    public const string AddressChecksum = "siwe_address_checksum";
    public const string BlankLine = "siwe_blank_line";
    public const string StatementInvalid = "siwe_statement_invalid";
    public const string FieldMissing = "siwe_field_missing";
    public const string FieldOrder = "siwe_field_order";
    public const string FieldRepeated = "siwe_field_repeated";
    public const string Trailing = "siwe_trailing";
    public const string UriInvalid = "siwe_uri_invalid";
    public const string VersionUnsupported = "siwe_version_unsupported";
    public const string ChainIdInvalid = "siwe_chain_id_invalid";
    public const string NonceInvalid = "siwe_nonce_invalid";
    public const string IssuedAtInvalid = "siwe_issued_at_invalid";
    public const string ExpirationTimeInvalid = "siwe_expiration_time_invalid";
    public const string NotBeforeInvalid = "siwe_not_before_invalid";
    public const string RequestIdInvalid = "siwe_request_id_invalid";
    public const string ResourceInvalid = "siwe_resource_invalid";

    // The message is well-formed, but nothing to sign in with here and now (401).
    public const string NonceUnknown = "nonce_unknown";
    public const string NonceExpired = "nonce_expired";
    public const string NonceUsed = "nonce_used";
    public const string NonceOtherPurpose = "nonce_other_purpose";
    public const string RequestIdNotExpected = "siwe_request_id_not_expected";
    public const string SchemeNotAllowed = "siwe_scheme_not_allowed";
    public const string DomainNotAllowed = "siwe_domain_not_allowed";
    public const string UriNotAllowed = "siwe_uri_not_allowed";
    public const string ChainNotAllowed = "siwe_chain_not_allowed";
    public const string IssuedInFuture = "siwe_issued_in_future";
    public const string IssuedTooLongAgo = "siwe_issued_too_long_ago";
    public const string Expired = "siwe_expired";
    public const string NotYetValid = "siwe_not_yet_valid";

    // The signature proves nothing (401); it would have to be asked of a chain that we can't ask at all (400) or not now (503).
    public const string SignatureInvalid = "signature_invalid";
    public const string ChainUnsupported = "chain_unsupported";
    public const string RpcUnavailable = "rpc_unavailable";

    public static Refusal Message(string code, string? field, string detail) =>
        new(code, detail, field is null ? "message" : "message." + field, Status: 400);

    public static Refusal Proof(string code, string field, string detail) => new(code, detail, "message." + field, Status: 401);

    public static Refusal UnsupportedChain(ulong chainId) => new(
        ChainUnsupported,
        string.Create(CultureInfo.InvariantCulture, $"This is a contract wallet's signature, and the server has no access to chain {chainId} (Ethereum:Rpc:{chainId})."),
        "message.chainId",
        Status: 400);

    public static Refusal UnavailableRpc(ulong chainId) => new(
        RpcUnavailable,
        string.Create(CultureInfo.InvariantCulture, $"Chain {chainId} does not answer whether the contract wallet accepts this signature; try again later."),
        RetryAfter: 10,
        Status: 503);

    public static Refusal OtherSigner(EthereumAddress signer, EthereumAddress claimed, ulong chainId) => Signature(string.Create(
        CultureInfo.InvariantCulture,
        $"The signature is made by {signer}, not by {claimed}. (Should that be a contract wallet: the server has no access to its chain, Ethereum:Rpc:{chainId}.)"));

    public static Refusal Signature(string detail) => new(SignatureInvalid, detail, "signature", Status: 401);
}
