import { describe, expect, it } from 'vitest';
import { faultsOf, isDecided, passed, scoresOf, type Report } from '../../../tools/lib/audit';

function report(performance: number | null, others = 1): Report {
	const category = (score: number | null) => ({ score, auditRefs: [{ id: 'paint', weight: 3 }] });
	return {
		categories: {
			performance: category(performance),
			accessibility: category(others),
			'best-practices': category(others)
		},
		environment: { benchmarkIndex: 1500 },
		audits: { paint: { title: 'First paint', score: 0.5, displayValue: '3 s' } }
	};
}

describe('an audit', () => {
	it('takes the median, so that one slow run is no failure', () => {
		const [{ category, score }] = scoresOf([report(0.99), report(0.4), report(0.95)]);
		expect(category).toBe('performance');
		expect(passed(score)).toBe(true);
		expect(passed(scoresOf([report(0.99), report(0.94), report(0.94)])[0].score)).toBe(false);
	});

	it('fails a page without a score', () => {
		expect(passed(scoresOf([report(null)])[0].score)).toBe(false);
	});

	it.each([
		[[], false],
		[[0.99], false],
		[[0.99, 0.96], true],
		[[0.99, 0.9], false],
		[[0.9, 0.9], true],
		[[0.9, 0.99, 0.9], true]
	])('with performance %j is decided: %s', (scores, decided) => {
		expect(isDecided(scores.map((score) => report(score)))).toBe(decided);
	});

	it('goes on while any category is open', () => {
		expect(isDecided([report(1), report(1, 0.9)])).toBe(false);
	});

	it('says what cost points', () => {
		expect(faultsOf(report(0.9), 'performance')).toEqual(['First paint 3 s']);
	});
});
