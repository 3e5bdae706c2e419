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

    // The signature proves nothing (401).
    public const string SignatureInvalid = "signature_invalid";

    public static Refusal Message(string code, string? field, string detail) =>
        new(code, detail, field is null ? "message" : "message." + field, Status: 400);

    public static Refusal Signature(string detail) => new(SignatureInvalid, detail, "signature", Status: 401);
}
