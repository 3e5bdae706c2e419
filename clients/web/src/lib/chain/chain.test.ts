// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './jcs';

describe('canonicalJson', () => {
  it('Members_AreSortedByUtf16CodeUnits', () => {
    // The example of RFC 8785 section 3.2.3.
    const value = {
      '€': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '😀': 'Emoji',
      '\u0080': 'Control',
      ö: 'o',
    };
    expect(Object.keys(JSON.parse(canonicalJson(value)) as object)).toHaveLength(7);
    expect(canonicalJson(value)).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"o","€":"Euro Sign","😀":"Emoji","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    );
  });

  it('Strings_AreEscapedAsTheRfcSays', () => {
    expect(canonicalJson('€$\u000f\nA\'B"\\\\"/\u007f\u2028')).toBe('"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u007f\u2028"');
  });

  it('NestedValues_AreWrittenWithoutSpaces', () => {
    expect(canonicalJson({ b: [true, false, null, { z: 1, a: -0 }], a: {} })).toBe('{"a":{},"b":[true,false,null,{"a":0,"z":1}]}');
  });

  it.each([1.5, Number.NaN, 2 ** 53, '\ud800', undefined, 1n])('%s_IsRefused', value => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});
