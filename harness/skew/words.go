package skew

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/wirecost/wirecost/internal/plural"
)

// title says what the report is of.
func (r *Report) title() string {
	of := plural.Count(r.Distinct, "key")
	if r.Records > 0 {
		of += " of " + plural.Count(r.Records, "record")
	}
	of += " as " + r.KeyType
	if r.doc != "" {
		of += " (" + r.doc + ")"
	}
	groups := plural.Count(r.MaxParallelism, "key group")
	if r.Default {
		groups += ", Flink's default"
	}
	return fmt.Sprintf("Keys %s: %s, by keyBy to %s over %s", r.Keys, of, plural.Count(r.Parallelism, "subtask"), groups)
}

// verdict is the answer.
func (r *Report) verdict() []string {
	lines := []string{fmt.Sprintf("Subtask %d is the busiest, with %s of the records: %s times the mean, so that %s the work of %s.",
		r.Busiest, r.percent(r.Subtasks[r.Busiest].Share), times(r.MaxMean), does(r.Parallelism), tenths(float64(r.Parallelism)/r.MaxMean))}
	if idle := r.idle(); len(idle) > 0 {
		lines = append(lines, fmt.Sprintf("Idle: %d of %s: %s.", len(idle), plural.Count(r.Parallelism, "subtask"), ranges(idle)))
	} else {
		lines = append(lines, "No subtask is idle.")
	}
	return lines
}

func does(subtasks int) string {
	if subtasks == 1 {
		return "1 subtask does"
	}
	return fmt.Sprint(subtasks, " subtasks do")
}

// idle returns the subtasks without records.
func (r *Report) idle() []int {
	var idle []int
	for _, s := range r.Subtasks {
		if s.Share == 0 {
			idle = append(idle, s.Subtask)
		}
	}
	return idle
}

// mostRanges is how many ranges are named.
const mostRanges = 40

// ranges writes numbers that rise, those which follow each other as one range.
func ranges(numbers []int) string {
	var out []string
	for i := 0; i < len(numbers); {
		if len(out) == mostRanges {
			return fmt.Sprintf("%s and %d more", strings.Join(out, ", "), len(numbers)-i)
		}
		end := i
		for end+1 < len(numbers) && numbers[end+1] == numbers[end]+1 {
			end++
		}
		out = append(out, span(numbers[i], numbers[end]))
		i = end + 1
	}
	return strings.Join(out, ", ")
}

func span(first, last int) string {
	if first == last {
		return fmt.Sprint(first)
	}
	return fmt.Sprint(first, "-", last)
}

// few is up to how many keys a subtask, on average, it shows that keys are hashed one by one.
const few = 8

// notes say why, and what helps.
func (r *Report) notes() []string {
	var out []string
	uneven := float64(r.Largest) * float64(r.Parallelism) / float64(r.MaxParallelism)
	if fair := 1 / float64(r.Parallelism); r.Parallelism > 1 && r.Hottest.Share > fair {
		out = append(out, fmt.Sprintf("Key %s alone has %s of the records, where a subtask has %s in the mean. No parallelism spreads one key: "+
			"split it, with a suffix in a first keyBy and its sums in a second.", cmp.Or(r.Hottest.Key, `""`), r.percent(r.Hottest.Share), r.percent(fair)))
	}
	if r.Distinct <= few*r.Parallelism && r.MaxMean > uneven {
		out = append(out, fmt.Sprintf("%s for %s: Flink hashes keys, also those that are integers, so that some subtasks have several and others none. "+
			"Where the key may be an integer of your choice, --remap has one for each subtask.", plural.Count(r.Distinct, "key"), plural.Count(r.Parallelism, "subtask")))
	}
	if !r.Divides {
		out = append(out, fmt.Sprintf("%s do not divide by %d: subtasks have %s of them, so that one has up to %s more than the mean even of many keys. "+
			"A multiple of the parallelism has none of that.", plural.Count(r.MaxParallelism, "key group"), r.Parallelism, span(r.Least, r.Largest), fmt.Sprintf("%.1f %%", 100*(uneven-1))))
	}
	return append(out, "State is bound to its max parallelism: Flink rejects a job that sets another one and restores it. Choose it before the first savepoint "+
		"(pipeline.max-parallelism, or setMaxParallelism of an operator); the parallelism may change, up to it.")
}

// marks says what stands beside numbers in the tables of others.
const marks = "Each: key groups of a subtask. Idle: subtasks. > as asked. * The parallelism divides the max parallelism: all have as many."

// percent writes a share with enough digits to tell subtasks apart, of which there may be many.
func (l Load) percent(share float64) string {
	digits := 1
	for n := l.Parallelism; n >= 100; n /= 10 {
		digits++
	}
	return fmt.Sprintf("%.*f %%", digits, 100*share)
}

func times(x float64) string { return fmt.Sprintf("%.2f", x) }

func tenths(x float64) string { return fmt.Sprintf("%.1f", x) }
