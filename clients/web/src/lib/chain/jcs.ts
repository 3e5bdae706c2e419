/**
 * JSON Canonicalization Scheme (RFC 8785) for bodies without floating-point numbers. JSON.stringify already escapes strings as the RFC
 * asks, and comparing JavaScript strings compares UTF-16 code units, so only order and numbers need care.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      if (/\p{Surrogate}/u.test(value)) throw new TypeError('the text has a lone surrogate');
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isSafeInteger(value)) throw new TypeError('numbers are integers within +-(2^53 - 1)');
      return String(value === 0 ? 0 : value); // -0 is written 0
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
      return canonicalObject(value as Record<string, unknown>);
    default:
      throw new TypeError(`a ${typeof value} is not a JSON value`);
  }
}

function canonicalObject(value: Record<string, unknown>): string {
  const members = Object.keys(value)
    .filter(name => value[name] !== undefined)
    .sort((a, b) => (a < b ? -1 : 1))
    .map(name => `${canonicalJson(name)}:${canonicalJson(value[name])}`);
  return `{${members.join(',')}}`;
}
