/**
 * How long a JWT lives from its issue, in milliseconds, by its own claims: independent of whether this device's clock is right. It is not
 * verified here, the server does that. Undefined when the token does not tell.
 */
export function lifetimeMs(token: string): number | undefined {
  try {
    const payload = token.split('.')[1] ?? '';
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as {
      readonly iat?: unknown;
      readonly exp?: unknown;
    };
    if (typeof claims.iat !== 'number' || typeof claims.exp !== 'number') return undefined;
    return Math.max(0, claims.exp - claims.iat) * 1000;
  } catch {
    return undefined;
  }
}
