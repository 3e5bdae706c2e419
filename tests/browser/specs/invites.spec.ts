import { expect, test } from '../support/fixtures.ts';
import type { Person } from '../support/person.ts';

test.use({ settings: ['Registration:Policy=invite'] });

/** As the owner's program would: the app has no screen for registration invites yet. */
async function makeInvite(owner: Person): Promise<string> {
  const code = await owner.page.evaluate(async () => {
    const refreshed = await fetch('/user/auth/refresh', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    const { accessToken } = (await refreshed.json()) as { accessToken: string };
    const made = await fetch('/user/invites', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
      body: JSON.stringify({ maxUses: 1 }),
    });
    return ((await made.json()) as { code: string }).code;
  });
  expect(code).toBeTruthy();
  return code;
}

test('the owner comes in by the claim link, others by an invite code only', async ({ arrive, server }) => {
  const anna = await arrive({ wallet: true });
  await anna.page.goto(/http:\/\/\S+\/claim\S+/.exec(server.output)?.[0] ?? '');
  await anna.page.getByRole('button', { name: /Test wallet/ }).click();
  await anna.page.getByRole('button', { name: 'It’s mine' }).click();
  await expect(anna.page.getByText(/is open, and you’re the first one in/)).toBeVisible();
  const code = await makeInvite(anna);

  const jonas = await arrive({ wallet: true });
  await jonas.page.goto(server.url);
  await expect(jonas.page.getByLabel('Invite code')).toBeVisible();
  await jonas.page.getByRole('button', { name: /Test wallet/ }).click();
  await expect(jonas.page.getByText(/new people in by invite only/)).toBeVisible();
  await jonas.page.getByLabel('Invite code').fill('misspelt');
  await jonas.page.getByRole('button', { name: 'Ask again' }).click();
  await expect(jonas.page.getByText(/This invite code isn’t valid any more/)).toBeVisible();
  await jonas.page.getByLabel('Invite code').fill(code);
  await jonas.page.getByRole('button', { name: 'Ask again' }).click();
  await jonas.isIn();

  const late = await arrive();
  await late.page.goto(server.url);
  await late.page.getByLabel('Invite code').fill(code);
  await late.makeKey();
  await expect(late.page.getByText(/This invite code isn’t valid any more/)).toBeVisible();
});
