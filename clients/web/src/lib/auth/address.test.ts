// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { fromHex } from '../bytes';
import { addressOf, checksumAddress, isAddress, personalSign, recoverSigner } from './address';

// The examples of EIP-55.
const CHECKSUMMED = [
  '0x52908400098527886E0F7030069857D2E4169EE7',
  '0x8617E340B3D01FA5F11F306F4090FD50E238070D',
  '0xde709f2102306220921060314715629080e2fb77',
  '0x27b1fdb04752bbc536007a920d24acb045561c26',
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
  '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
];

describe('checksumAddress', () => {
  it.each(CHECKSUMMED)('%s_FromLowerCase_GetsItsCaseBack', address => {
    expect(checksumAddress(address.toLowerCase())).toBe(address);
    expect(isAddress(address)).toBe(true);
  });

  it('isAddress_OneLetterInTheWrongCase_False', () => {
    expect(isAddress('0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed')).toBe(false);
  });

  it.each(['', '0x', '0x1234', '5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg'])(
    'isAddress_%s_False',
    text => expect(isAddress(text)).toBe(false),
  );
});

describe('personalSign', () => {
  // A widely published pair of key, message and signature.
  const key = fromHex('0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318');
  const signature =
    '0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c';

  it('KnownKeyAndText_GivesThePublishedSignature', () => {
    expect(addressOf(key)).toBe('0x2c7536E3605D9C16a7a3D7b1898e529396a65c23');
    expect(personalSign('Some data', key)).toBe(signature);
  });

  it.each(['Some data', '', 'Zwölf Boxkämpfer, 十二, 🌊', 'two\nlines'])('%j_Recovers', text => {
    expect(recoverSigner(text, personalSign(text, key))).toBe(addressOf(key));
  });

  it('recoverSigner_AnotherText_IsSomebodyElse', () => {
    expect(recoverSigner('Some date', signature)).not.toBe(addressOf(key));
  });
});
