package stats

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

const (
	resamples    = 2000
	pcgBootstrap = 2 // the stream of random numbers that lists of schemas are drawn from; a run draws its order from 1
)

// A Pair is one schema's contribution to an Overall: CPU time per round of a codec and of the reference.
type Pair struct {
	Schema    string
	Cell, Ref []float64 // by round; an empty Cell: the codec does not carry the schema
}

// An Overall sums a codec up over a fixed list of schemas: a geometric mean of ratios, and what it hides.
type Overall struct {
	Measurement Summary // t interval over rounds: had one measured again
	Choice      Summary // bootstrap over schemas: had one chosen others
	Least, Most Extreme // the schemas with the smallest and the largest ratio
	Missing     []string
}

// An Extreme is one schema's ratio.
type Extreme struct {
	Schema string
	Ratio  float64
}

// ErrMissing is wrapped by the error of a codec that does not carry every schema of the list.
var ErrMissing = errors.New("not in the summary")

// OverSchemas sums a codec up over schemas. A codec that lacks one has no summary: Missing names what it lacks, and the
// error wraps ErrMissing; the list is never shortened. seed draws the bootstrap.
func OverSchemas(schemas []Pair, seed uint64) (Overall, error) {
	var logs [][]float64 // by schema, then round
	var missing []string
	rounds := math.MaxInt
	for _, s := range schemas {
		logs = append(logs, logRatios(s.Cell, s.Ref))
		rounds = min(rounds, len(logs[len(logs)-1]))
		if len(s.Cell) == 0 || len(s.Ref) == 0 {
			missing = append(missing, s.Schema)
		}
	}
	if len(schemas) == 0 || len(missing) > 0 {
		return Overall{Missing: missing}, fmt.Errorf("%w: lacks %d of %d schemas: %s", ErrMissing, len(missing), len(schemas), strings.Join(missing, ", "))
	}
	for i := range logs {
		logs[i] = logs[i][:rounds]
	}
	o := Overall{Measurement: Mean(byRound(logs)).exp(), Choice: bootstrap(logs, seed).exp()}
	o.Least, o.Most = extremes(schemas, logs)
	return o, nil
}

// byRound returns the mean over schemas of each round.
func byRound(logs [][]float64) []float64 {
	g := make([]float64, len(logs[0]))
	for r := range g {
		for _, l := range logs {
			g[r] += l[r] / float64(len(logs))
		}
	}
	return g
}

// bootstrap draws lists of schemas from the list, with repetition, and returns the middle 95 % of their means.
func bootstrap(logs [][]float64, seed uint64) Summary {
	means := make([]float64, len(logs))
	for i, l := range logs {
		means[i] = mean(l)
	}
	s := Summary{Center: mean(means), Lo: math.Inf(-1), Hi: math.Inf(1), Rounds: len(logs[0])}
	if len(means) < 2 {
		s.Warnings = []error{errors.New("one schema: nothing is known of others")}
		return s
	}
	rng := rand.New(rand.NewPCG(seed, pcgBootstrap))
	draws := make([]float64, resamples)
	for i := range draws {
		for range means {
			draws[i] += means[rng.IntN(len(means))] / float64(len(means))
		}
	}
	slices.Sort(draws)
	tail := int((1 - confidence) / 2 * resamples)
	s.Lo, s.Hi = draws[tail], draws[resamples-1-tail]
	return s
}

func extremes(schemas []Pair, logs [][]float64) (least, most Extreme) {
	least.Ratio, most.Ratio = math.Inf(1), math.Inf(-1)
	for i, s := range schemas {
		ratio := math.Exp(mean(logs[i]))
		if ratio < least.Ratio {
			least = Extreme{s.Schema, ratio}
		}
		if ratio > most.Ratio {
			most = Extreme{s.Schema, ratio}
		}
	}
	return least, most
}
