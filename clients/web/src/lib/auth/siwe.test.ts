// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { siweMessage, type SiweFields } from './siwe';

const fields: SiweFields = {
  domain: 'example.com',
  address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
  statement: 'I accept the ExampleOrg Terms of Service: https://example.com/tos',
  uri: 'https://example.com/login',
  chainId: 1,
  nonce: '32891756',
  issuedAt: new Date('2021-09-30T16:25:24Z'),
  resources: ['ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/', 'https://example.com/my-web2-claim.json'],
};

describe('siweMessage', () => {
  it('ExampleOfTheStandard_IsTheSameText', () => {
    expect(siweMessage(fields)).toBe(
      [
        'example.com wants you to sign in with your Ethereum account:',
        '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
        '',
        'I accept the ExampleOrg Terms of Service: https://example.com/tos',
        '',
        'URI: https://example.com/login',
        'Version: 1',
        'Chain ID: 1',
        'Nonce: 32891756',
        'Issued At: 2021-09-30T16:25:24.000Z',
        'Resources:',
        '- ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/',
        '- https://example.com/my-web2-claim.json',
      ].join('\n'),
    );
  });

  it('NoStatement_LeavesTwoEmptyLines', () => {
    const { domain, address, uri, chainId, nonce, issuedAt } = fields;
    expect(siweMessage({ domain, address, uri, chainId, nonce, issuedAt }).split('\n').slice(1, 5)).toEqual([
      fields.address,
      '',
      '',
      'URI: https://example.com/login',
    ]);
  });

  it('EveryOptionalField_StandsInOrder', () => {
    const text = siweMessage({ ...fields, expirationTime: new Date(0), notBefore: new Date(1000), requestId: 'r1' });
    const names = text.split('\n').map(line => line.split(':')[0]);
    const order = ['Issued At', 'Expiration Time', 'Not Before', 'Request ID', 'Resources'].map(name => names.indexOf(name));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
  });

  it.each<[string, Partial<SiweFields>]>([
    ['address', { address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756CC2' }],
    ['nonce', { nonce: 'short' }],
    ['domain', { domain: 'https://example.com' }],
    ['statement', { statement: 'two\nlines' }],
  ])('Bad %s_Throws', (_, bad) => {
    expect(() => siweMessage({ ...fields, ...bad })).toThrow();
  });
});
