import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { rememberClaim } from './features/claim/hooks/useClaim';
import { applyAppearance } from './features/settings/hooks/useAppearance';
import { createClient } from './lib';
import './styles/index.css';

rememberClaim();
applyAppearance();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App client={createClient()} />
  </StrictMode>,
);
