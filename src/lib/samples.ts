/** Files in `static/samples/`, made by `python -m fieldlens_training samples`. */
export const SAMPLES = [
	'synthetic-1.jpg',
	'synthetic-2.jpg',
	'synthetic-3.jpg',
	'synthetic-4.jpg'
] as const;
