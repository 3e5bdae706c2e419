import { isAddress } from './address';

export interface SiweFields {
  /** RFC 3986 authority: host, with the port unless it is the scheme's own. */
  readonly domain: string;
  /** EIP-55. */
  readonly address: string;
  /** One line of printable ASCII. */
  readonly statement?: string;
  readonly uri: string;
  readonly chainId: number;
  /** At least 8 letters and digits. */
  readonly nonce: string;
  readonly issuedAt: Date;
  readonly expirationTime?: Date;
  readonly notBefore?: Date;
  readonly requestId?: string;
  readonly resources?: readonly string[];
}

/** The message of EIP-4361 (Sign-In with Ethereum), version 1, exactly as its ABNF asks. Throws on what the grammar does not allow. */
export function siweMessage(fields: SiweFields): string {
  if (!isAddress(fields.address)) throw new Error('the address is not EIP-55');
  if (!/^[A-Za-z0-9]{8,}$/.test(fields.nonce)) throw new Error('the nonce is not at least 8 letters and digits');
  if (fields.domain === '' || /[\s/]/.test(fields.domain)) throw new Error('the domain is not an authority');
  // reserved / unreserved / " " of RFC 3986: no line feed, and none of " < > \ ^ ` { | } or what is not ASCII
  if (fields.statement !== undefined && !/^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;= ]*$/.test(fields.statement)) {
    throw new Error('the statement has characters that are not allowed');
  }
  const lines = [`${fields.domain} wants you to sign in with your Ethereum account:`, fields.address, ''];
  if (fields.statement !== undefined) lines.push(fields.statement);
  lines.push('', `URI: ${fields.uri}`, 'Version: 1', `Chain ID: ${fields.chainId}`, `Nonce: ${fields.nonce}`);
  lines.push(`Issued At: ${fields.issuedAt.toISOString()}`);
  if (fields.expirationTime) lines.push(`Expiration Time: ${fields.expirationTime.toISOString()}`);
  if (fields.notBefore) lines.push(`Not Before: ${fields.notBefore.toISOString()}`);
  if (fields.requestId !== undefined) lines.push(`Request ID: ${fields.requestId}`);
  if (fields.resources) lines.push('Resources:', ...fields.resources.map(resource => `- ${resource}`));
  return lines.join('\n');
}
