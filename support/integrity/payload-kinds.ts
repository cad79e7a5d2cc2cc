import { readFileSync } from 'node:fs';
import path from 'node:path';
const files: Record<string,string> = {
'Unicode in several normal forms':'unicode.json','lone surrogate escapes':'lone-surrogates.json','hostile markup and terminal escapes':'hostile.json','Windows line ends':'crlf.json','NUL characters':'nul.json','integers beyond 64 bits':'big-integers.json','decimals in unusual notations':'decimals.json','nested objects with nulls':'nulls.json','duplicate keys':'duplicate-keys.json','keys whose order matters':'key-order.json','insignificant white space':'white-space.json','500 levels of nesting':'deep.json','led by a byte order mark':'bom.json','invalid UTF-8':'invalid-utf8.json','not JSON at all':'plain.log','compressed':'compressed.gz','empty':'empty.bin'};
export function payloadOf(words: string): Buffer {
  const f = files[words];
  if (f) return readFileSync(path.join(__dirname, '../../features/payloads', f));
  const sizes: Record<string, number> = {'64 KiB less one byte':65535,'64 KiB':65536,'64 KiB and one byte':65537,'5 MiB':5*1024*1024};
  return Buffer.alloc(sizes[words] ?? 0, 'abcdefg');
}
