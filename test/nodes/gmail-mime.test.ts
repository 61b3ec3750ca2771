/** What the Gmail node writes, byte for byte where it matters, and what it refuses to write. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, inject, it } from 'vitest';

type Mailbox = { name: string; address: string };
type Attachment = { fileName: string; mimeType: string; content: Buffer };
type Message = { [field: string]: string | Attachment[] } & { subject: string };
const load = <T>(file: string): T =>
  createRequire(import.meta.url)(path.join(inject('n8nPackage'), 'nodes/HubGmail', file)) as T;
const { mimeMessage } = load<{ mimeMessage: (message: Message) => Buffer }>('mime.js');
const { mailboxes, readableMailboxes } = load<{
  mailboxes: (list: string, what: string) => Mailbox[];
  readableMailboxes: (list: string) => Mailbox[];
}>('headers.js');
const { plainTextOf } = load<{ plainTextOf: (html: string) => string }>('plain-text.js');
const { decodedWords } = load<{ decodedWords: (value: string) => string }>('incoming.js');
const { instant } = load<{ instant: (text: string, timeZone: string) => number }>('../transport/instant.js');

const written = (message: Message) => mimeMessage(message).toString('latin1');
const header = (message: Message, name: string) =>
  written(message)
    .split('\r\n\r\n')[0]
    ?.replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
    .find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2);

describe('headers', () => {
  it.each([
    ['subject', 'Hi\r\nBcc: everyone@example.com'],
    ['subject', 'Hi\nthere'],
    ['to', 'jo@example.com\r\nX-Spam: no'],
    ['replyTo', 'Jo\u0000 <jo@example.com>'],
    ['from', '"Jo\r\nBcc: x@example.com" <jo@example.com>'],
  ])('a line break in %s is refused: it would begin another field', (field, value) => {
    expect(() => mimeMessage({ subject: '', [field]: value })).toThrow(/line break/);
  });

  it('a line break in a file name or type is refused', () => {
    const attachment = (fileName: string, mimeType: string): Message => ({
      subject: '',
      text: '',
      attachments: [{ fileName, mimeType, content: Buffer.from('') }],
    });
    expect(() => mimeMessage(attachment('a\r\nX-Evil: 1', 'text/plain'))).toThrow(/line break/);
    expect(() => mimeMessage(attachment('a', 'text/plain\r\nX-Evil: 1'))).toThrow(/line break/);
  });

  it('a subject outside ASCII becomes encoded words of whole characters, none over 75 long', () => {
    const subject =
      'Grüße aus Köln, mit einem Betreff, der über eine Zeile hinausgeht 🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉';
    const lines = written({ subject, text: '' }).split('\r\nMIME-Version')[0]?.split('\r\n') ?? [];
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(78);
    const words = lines.map((line) => line.replace('Subject:', '').trim());
    expect(words.map((word) => Buffer.from(word.slice(10, -2), 'base64').toString('utf8')).join('')).toBe(
      subject,
    );
    for (const word of words) expect(word).toMatch(/^=\?UTF-8\?B\?[A-Za-z0-9+/=]{1,63}\?=$/);
  });

  it('a subject in ASCII stays readable, folded at spaces', () => {
    const subject = 'word '.repeat(30).trim();
    expect(header({ subject, text: '' }, 'Subject')).toBe(subject);
    for (const line of written({ subject, text: '' }).split('\r\n'))
      expect(line.length).toBeLessThanOrEqual(78);
  });

  it('text that looks like an encoded word is not taken for one', () => {
    expect(header({ subject: '=?UTF-8?B?SGk=?=', text: '' }, 'Subject')).toBe(
      `=?UTF-8?B?${Buffer.from('=?UTF-8?B?SGk=?=').toString('base64')}?=`,
    );
  });

  it('names are quoted or encoded where they must be, domains become ASCII', () => {
    const to = 'Jo <jo@example.com>, "Doe, Jo" <doe@example.com>; Jörg <j@bücher.example>';
    expect(header({ subject: '', to, text: '' }, 'To')).toBe(
      'Jo <jo@example.com>, "Doe, Jo" <doe@example.com>, =?UTF-8?B?SsO2cmc=?= <j@xn--bcher-kva.example>',
    );
  });

  it.each(['jo', 'jo@', '@example.com', 'jo example@example.com', 'Jo <jo@example.com> x', 'jö@example.com'])(
    '%s is refused as an address, by name',
    (address) => {
      expect(() => mailboxes(address, 'To')).toThrow(`“${address}” in To is not an email address`);
    },
  );

  it('of a list somebody else wrote, the readable addresses are read', () => {
    expect(readableMailboxes('undisclosed-recipients:;, "A, B" <a@example.com>, broken')).toEqual([
      { name: 'A, B', address: 'a@example.com' },
    ]);
  });

  it('an answer names its parent and ancestors, and repeats nothing that is not an id', () => {
    const answer = {
      subject: 'Re: x',
      text: '',
      inReplyTo: '<b@example.com>',
      references: '<a@example.com> rubbish\t<b@example.com>',
    };
    expect(header(answer, 'In-Reply-To')).toBe('<b@example.com>');
    expect(header(answer, 'References')).toBe('<a@example.com> <b@example.com>');
    expect(written({ ...answer, inReplyTo: 'rubbish' })).not.toMatch(/In-Reply-To|References/);
  });
});

describe('bodies', () => {
  it('text with HTML and a file nests as RFC 2046 wants it', () => {
    const message = {
      to: 'jo@example.com',
      subject: 'Hi',
      text: 'Grüße\n',
      html: '<p>Grüße</p>',
      attachments: [{ fileName: 'a.bin', mimeType: 'image/png; x=y', content: Buffer.alloc(60, 255) }],
    };
    expect(written(message).split('\r\n')).toEqual([
      'To: jo@example.com',
      'Subject: Hi',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="=_mixed"',
      '',
      '--=_mixed',
      'Content-Type: multipart/alternative; boundary="=_alternative"',
      '',
      '--=_alternative',
      'Content-Type: text/plain; charset=UTF-8',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('Grüße\r\n').toString('base64'),
      '--=_alternative',
      'Content-Type: text/html; charset=UTF-8',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('<p>Grüße</p>').toString('base64'),
      '--=_alternative--',
      '--=_mixed',
      'Content-Type: image/png;',
      ' name="a.bin"',
      'Content-Disposition: attachment;',
      ' filename="a.bin"',
      'Content-Transfer-Encoding: base64',
      '',
      '/'.repeat(76),
      '/'.repeat(4),
      '--=_mixed--',
      '',
    ]);
  });

  it('text that spells a boundary ends nothing', () => {
    const lines = written({ subject: '', text: 'x\r\n--=_mixed--\r\n', html: '--=_alternative--' });
    expect(lines.match(/^--=_/gm)).toHaveLength(3);
  });

  it('file names outside ASCII are written by RFC 2231', () => {
    const fileName = 'Rechnung März (endgültig) für die Buchhaltung in Köln und Zürich.pdf';
    const message = written({
      subject: '',
      text: '',
      attachments: [{ fileName, mimeType: 'message/rfc822', content: Buffer.from('x') }],
    });
    expect(message).toContain('Content-Type: application/octet-stream;');
    const pieces = [...message.matchAll(/filename\*\d\*=(?:UTF-8'')?([^;\r]+)/g)].map(([, piece]) => piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect(decodeURIComponent(pieces.join(''))).toBe(fileName);
    for (const line of message.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78);
  });

  it('a page becomes text with its links and paragraphs', () => {
    expect(
      plainTextOf(
        '<style>p{}</style><h1>Hi &amp; bye</h1><p>See <a href="https://x.example">our <b>site</b></a><br>&lt;now&gt; &amp;lt;</p><ul><li>one</li></ul>',
      ),
    ).toBe('Hi & bye\n\nSee our site (https://x.example)\n<now> &lt;\n\n- one');
  });
});

describe('reading', () => {
  it('encoded words are read in their charsets, and space between two of them is none', () => {
    expect(decodedWords('=?UTF-8?Q?J=C3=B6rg_M?= =?utf-8?B?w7xsbGVy?= <j@example.com>')).toBe(
      'Jörg Müller <j@example.com>',
    );
    expect(decodedWords('=?ISO-8859-1?Q?Gr=FC=DFe?= du')).toBe('Grüße du');
    expect(decodedWords('=?x-unknown?Q?a?=')).toBe('=?x-unknown?Q?a?=');
  });

  it('a time without a zone is one of the workflow’s, over changes of the clocks too', () => {
    const at = (text: string, zone = 'Europe/Berlin') => new Date(instant(text, zone)).toISOString();
    expect(at('2026-01-15T09:00:00')).toBe('2026-01-15T08:00:00.000Z');
    expect(at('2026-07-15')).toBe('2026-07-14T22:00:00.000Z');
    expect(at('2026-03-29T01:30:00')).toBe('2026-03-29T00:30:00.000Z');
    expect(at('2026-03-29T03:30:00')).toBe('2026-03-29T01:30:00.000Z');
    expect(at('2026-01-15T09:00:00-05:00')).toBe('2026-01-15T14:00:00.000Z');
    expect(instant('soon', 'UTC')).toBeNaN();
  });
});

describe('the text of a page', () => {
  it.each(['<!--', '<style>', '<script x', '<a href="x">', '<a href="x" ', '<li <li', ' \n', '<'])(
    'is made of half a million characters of %j before anybody gives up',
    (part) => expect(typeof plainTextOf(part.repeat(500_000 / part.length))).toBe('string'),
  );
});
