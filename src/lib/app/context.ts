/** The program's state as components get it. */
import { createContext } from 'svelte';
import type { AppState } from './app-state.svelte';

export const [appState, setAppState] = createContext<AppState>();
