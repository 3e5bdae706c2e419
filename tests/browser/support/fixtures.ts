import { test as base, type BrowserContextOptions } from '@playwright/test';
import { Person } from './person.ts';
import { Server } from './server.ts';

interface Fixtures {
  /** Opens one more browser with nobody signed in. */
  readonly arrive: (options?: BrowserContextOptions & { readonly wallet?: boolean }) => Promise<Person>;
}

/** Every test gets its own server process with an empty data folder. */
export const test = base.extend<Fixtures & { readonly server: Server; readonly settings: readonly string[] }>({
  /** Of the server: `test.use({ settings: [...] })`. */
  settings: [[], { option: true }],
  server: async ({ settings }, use, info) => {
    const server = new Server(settings);
    await server.start();
    await use(server);
    if (info.status !== info.expectedStatus) await info.attach('server.log', { body: server.output, contentType: 'text/plain' });
    await server.dispose();
  },
  arrive: async ({ browser, server }, use, info) => {
    const people: Person[] = [];
    await use(async options => {
      const person = await Person.open(browser, server.url, options);
      person.page.on('pageerror', error => info.annotations.push({ type: 'page error', description: error.message }));
      people.push(person);
      return person;
    });
    if (info.status !== info.expectedStatus)
      for (const [index, person] of people.entries())
        await info.attach(`person-${index}.png`, { body: await person.page.screenshot(), contentType: 'image/png' });
    await Promise.all(people.map(person => person.context.close()));
    const errors = info.annotations.filter(one => one.type === 'page error');
    if (errors.length > 0) throw new Error(`errors in a page: ${errors.map(one => one.description).join('; ')}`);
  },
});

export { expect } from '@playwright/test';
