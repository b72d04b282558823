/**
 * The file of the site that holds a manifest's reference vectors: two thirds of its bytes, which a
 * first visit needs only when the model is downloaded.
 */
export const REFERENCE_FILE = 'reference.json';

/** A manifest of the site with its reference vectors in their place again. */
export function withVectors(summary: unknown, reference: unknown): unknown {
	if (typeof summary !== 'object' || typeof reference !== 'object') return summary;
	return { ...summary, ...reference };
}

/** Whether a manifest has its reference vectors elsewhere. */
export function isSummary(json: unknown): boolean {
	return typeof json === 'object' && json !== null && !('referenceVectors' in json);
}
