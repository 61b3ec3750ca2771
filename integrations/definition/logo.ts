/** Logos of our own drawing: a rounded tile in the provider's colour and a glyph that says what it is for. */

export function drawLogo(name: string, colour: string, glyph: string): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64" role="img" aria-label="${name}">`,
    `<rect width="64" height="64" rx="15" fill="${colour}"/>`,
    `<g fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round">`,
    glyph.replace(/\n\s*/g, ''),
    `</g></svg>`,
  ].join('');
}
