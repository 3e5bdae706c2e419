import { QueryClient, QueryClientProvider } from '@tanstack/react-query';

const queries = new QueryClient();

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <main className="center">CoolChat</main>
    </QueryClientProvider>
  );
}
