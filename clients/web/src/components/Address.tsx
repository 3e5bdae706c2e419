/** `0x0DD2…39E1`: 4+4 beside a name, 6+6 instead of one. */
export function shortAddress(address: string, digits = 4): string {
  return `${address.slice(0, 2 + digits)}…${address.slice(-digits)}`;
}

export function Address({ of, digits = 4 }: { readonly of: string; readonly digits?: number }) {
  return (
    <bdi className="adr" title={of}>
      {shortAddress(of, digits)}
    </bdi>
  );
}

/** All forty digits in ten groups of four, for comparing. Copies as one address. */
export function FullAddress({ of }: { readonly of: string }) {
  const groups = of.slice(2).match(/.{1,4}/g) ?? [];
  return (
    <bdi
      className="adr-full"
      onCopy={event => {
        event.preventDefault();
        event.clipboardData.setData('text/plain', of);
      }}
    >
      <span>0x</span>
      {groups.map((group, index) => (
        <span key={index}>{group}</span>
      ))}
    </bdi>
  );
}
