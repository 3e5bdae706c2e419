import { expect, type Browser, type BrowserContext, type BrowserContextOptions, type Locator, type Page } from '@playwright/test';
import { TestWallet, installWallet } from './wallet.ts';

export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Somebody at a browser of their own. */
export class Person {
  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    readonly url: string,
    readonly wallet: TestWallet | undefined,
  ) {}

  static async open(browser: Browser, url: string, options: BrowserContextOptions & { readonly wallet?: boolean } = {}): Promise<Person> {
    const { wallet: wanted, ...rest } = options;
    const context = await browser.newContext({ locale: 'en-GB', ...rest });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
    const wallet = wanted ? new TestWallet() : undefined;
    if (wallet) await installWallet(context, wallet);
    return new Person(await context.newPage(), context, url, wallet);
  }

  async signInWithWallet(): Promise<void> {
    await this.page.goto(this.url);
    await this.page.getByRole('button', { name: /Test wallet/ }).click();
    await this.isIn();
  }

  async signInWithNewKey(): Promise<readonly string[]> {
    await this.page.goto(this.url);
    const words = await this.makeKey();
    await this.isIn();
    return words;
  }

  /** On the sign-in page: makes a key on this device, reads its words and answers the three that are asked. */
  async makeKey(): Promise<readonly string[]> {
    await this.page.getByRole('button', { name: 'Use a key on this device' }).click();
    const words = await this.page.locator('.words li b').allTextContents();
    await this.page.getByRole('button', { name: /I wrote them down/ }).click();
    for (const field of await this.page.getByLabel(/^Word \d+$/).all()) {
      const label = await field.evaluate(input => (input as HTMLInputElement).labels?.[0]?.textContent ?? '');
      await field.fill(words[Number(label.replace(/\D/g, '')) - 1] ?? '');
    }
    await this.page.getByRole('button', { name: 'Come in' }).click();
    return words;
  }

  async isIn(): Promise<void> {
    await expect(this.page.getByRole('navigation', { name: 'Conversations' })).toBeVisible();
  }

  async rename(name: string): Promise<void> {
    await this.page.goto(`${this.url}/settings/profile`);
    await this.page.getByLabel('Name', { exact: true }).fill(name);
    await this.page.getByRole('button', { name: 'Save' }).click();
    await expect(this.page.getByText('Saved')).toBeVisible();
    await this.page.goto(this.url);
  }

  async writeTo(nameOrAddress: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New conversation' }).click();
    await this.page.getByRole('menuitem', { name: 'Write to someone' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Write to someone' });
    await dialog.getByLabel('Who').fill(nameOrAddress);
    await dialog.getByRole('group', { name: 'People found' }).getByRole('button').first().click();
    await expect(this.composer).toBeVisible();
  }

  get composer(): Locator {
    return this.page.locator('.composer textarea');
  }

  /** By the button, which works on a phone as well. */
  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.page.getByRole('button', { name: 'Send', exact: true }).click();
  }

  message(text: string): Locator {
    return this.page.getByRole('article').filter({ hasText: text });
  }

  /** The glass of an own message. */
  glass(text: string): Locator {
    return this.message(text).locator('.drop');
  }

  row(name: string): Locator {
    return this.page.getByRole('link', { name: new RegExp(`^${name}`) });
  }

  /** Waits until the text is in a message on screen. */
  async sees(text: string, timeout?: number): Promise<void> {
    await expect(this.message(text)).toBeVisible({ ...(timeout !== undefined && { timeout }) });
  }

  async openConversation(name: string): Promise<void> {
    await this.row(name).click();
    await expect(this.composer).toBeVisible();
  }
}
