import { join, resolve } from 'node:path';
import type { BrowserContextOptions } from '@playwright/test';
import { expect, test } from '../support/fixtures.ts';
import type { Person } from '../support/person.ts';

const IMAGES = resolve(import.meta.dirname, '../../../docs/images');
const DESKTOP: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };

const WORDS: readonly (readonly [who: number, text: string])[] = [
  [0, 'Morning. The float switch came back from the workshop.'],
  [0, 'It reads 3 mm low at rest, the same every time, so we can correct it in code.'],
  [1, 'Then one line is enough:\n```TypeScript\nconst level = median(samples, 9) + offset.restMm;\nif (level > limit) await notify("high water", level);\n```'],
  [2, 'I’ve booked the small boat for **Saturday**.'],
  [1, 'Photos of the bracket follow tonight.'],
  [0, 'Could someone bring the long ladder?'],
];

async function picture(person: Person, name: string): Promise<void> {
  await person.page.mouse.move(0, 0);
  await person.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await person.page.evaluate(() => document.fonts.ready);
  await person.page.screenshot({ path: join(IMAGES, `${name}.png`), animations: 'disabled' });
}

test('pictures for the documentation', async ({ arrive }) => {
  const stranger = await arrive({ ...DESKTOP, wallet: true });
  await stranger.page.goto(stranger.url);
  await expect(stranger.page.getByRole('button', { name: /Test wallet/ })).toBeVisible();
  await picture(stranger, 'sign-in');

  const people: Person[] = [];
  for (const [name, options] of [
    ['Mira Oduya', DESKTOP],
    ['Ines Kaur', DESKTOP],
    ['Anna Vale', DESKTOP],
  ] as const) {
    const person = await arrive({ ...options, wallet: true });
    await person.signInWithWallet();
    await person.rename(name);
    people.push(person);
  }
  const [mira, ines, anna] = people;
  if (!mira || !ines || !anna) throw new Error('somebody is missing');

  await mira.page.getByRole('button', { name: 'New conversation' }).click();
  await mira.page.getByRole('menuitem', { name: 'New group' }).click();
  await mira.page.getByLabel('Name', { exact: true }).fill('Tide gauge');
  for (const name of ['Ines', 'Anna']) {
    await mira.page.getByLabel('People', { exact: true }).fill(name);
    await mira.page.getByRole('group', { name: 'People found' }).getByRole('button').first().click();
  }
  await mira.page.getByRole('button', { name: 'Make the group' }).click();
  await expect(mira.composer).toBeVisible();
  for (const other of [ines, anna]) await other.openConversation('Tide gauge');
  for (const [who, text] of WORDS) {
    const writer = people[who];
    if (!writer) continue;
    await writer.say(text);
    await anna.sees(text.split('\n')[0]?.replaceAll('**', '').slice(-12) ?? text);
  }
  await mira.writeTo('Anna');
  await mira.say('The valve is on the boat already');
  await expect(anna.row('Mira Oduya')).toBeVisible();
  await anna.message('3 mm low').hover();
  await anna.message('3 mm low').getByRole('button', { name: 'React with 👍' }).click();
  await expect(anna.page.getByRole('button', { name: '👍, 1, you reacted' })).toBeVisible();
  await picture(anna, 'conversation');

  await anna.page.keyboard.press('Control+Shift+L');
  await anna.page.getByRole('button', { name: 'About this conversation' }).click();
  await expect(anna.page.getByText('3 members', { exact: true }).first()).toBeVisible();
  await picture(anna, 'conversation-dark');

  await anna.page.keyboard.press('Control+Shift+L');
  await anna.page.getByRole('button', { name: 'Close', exact: true }).click();
  await anna.page.setViewportSize({ width: 390, height: 844 });
  await anna.sees('long ladder');
  await picture(anna, 'phone');
});
