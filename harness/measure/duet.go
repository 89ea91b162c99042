package measure

import (
	"context"
	"errors"
	"time"

	"github.com/wirecost/wirecost/harness/results"
)

// What a duet takes unless it is told otherwise: pairs, and CPU time of each voice.
const (
	duetPairs = 16
	duetSlice = 100 * time.Millisecond
)

// Duet measures couples of cells instead of rounds. Both cells of a couple run at once on one core, where the kernel
// interleaves them: they see the same noise at the same moment, and the ratio of their CPU times tells apart what rounds
// cannot. The i-th samples of the two are one pair, and there is none of one without the other. Config.Rounds is the number
// of pairs, 16 if it is 0; Budget and Ref are not used. Proof, calibration, counting and rows are those of Run.
func (r *Runner) Duet(ctx context.Context, couples [][2]results.Cell) error {
	if len(couples) == 0 {
		return errors.New("a duet needs a couple of cells")
	}
	cfg := r.Config
	cfg.Rounds, cfg.Slice = orDefault(cfg.Rounds, duetPairs), orDefault(cfg.Slice, duetSlice)
	cfg = cfg.withDefaults()
	var cells []results.Cell
	for _, c := range couples {
		cells = append(cells, c[0], c[1])
	}
	jobs, err := r.jobs(cells, "")
	if err != nil {
		return err
	}
	for i := 0; i < len(jobs); i += 2 {
		a, b := jobs[i], jobs[i+1]
		a.partners, b.partners = []*job{b}, []*job{a}
	}
	return r.run(ctx, cfg, jobs)
}
