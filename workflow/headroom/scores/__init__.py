"""From predictions to tables: tallies of sums, scores, intervals, skill, comparisons, the leak alarm and verdicts."""
