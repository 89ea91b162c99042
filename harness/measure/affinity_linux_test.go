package measure

import (
	"fmt"
	"os"
	"slices"
	"testing"
)

// Each run has a core of its own as long as there are enough, and the last of them first.
func TestTakeCore(t *testing.T) {
	all, err := mask()
	if err != nil {
		t.Skip(err)
	}
	take := func() (Core, error) { return takeCore(fmt.Sprintf("@wirecost/test/%d/", os.Getpid())) } // beside tests that measure
	var taken []Core
	var cpus []int
	for range all {
		c, err := take()
		if err != nil || !c.taken {
			t.Skipf("sockets are forbidden: %v", err)
		}
		taken, cpus = append(taken, c), append(cpus, c.cpu)
	}
	slices.Reverse(cpus)
	if !slices.Equal(cpus, all) {
		t.Errorf("took the cores %v, want all of %v, the last first", cpus, all)
	}
	if _, err := take(); err == nil {
		t.Error("took a core that another run has, without a word")
	}
	for _, c := range taken {
		c.Release()
	}
	c, err := take()
	if err != nil || c.cpu != all[len(all)-1] {
		t.Errorf("after all were given back: got core %d, error %v, want %d", c.cpu, err, all[len(all)-1])
	}
	c.Release()
}
