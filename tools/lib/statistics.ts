// What the tools compute beside the app's own statistics (src/lib/statistics).
import { quantile } from '../../src/lib/statistics/bootstrap.ts';

export function median(values: readonly number[]): number {
	return quantile(values, 0.5);
}

/** A copy in random order (Fisher and Yates). */
export function shuffle<T>(items: readonly T[], random: () => number): T[] {
	const mixed = [...items];
	for (let last = mixed.length - 1; last > 0; last--) {
		const other = Math.floor(random() * (last + 1));
		const kept = mixed[last];
		mixed[last] = mixed[other];
		mixed[other] = kept;
	}
	return mixed;
}
