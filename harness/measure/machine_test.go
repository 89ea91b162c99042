package measure

import (
	"io"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness/results"
)

func files(texts map[string]string) fstest.MapFS {
	root := fstest.MapFS{}
	for name, text := range texts {
		root[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return root
}

func TestMachineFiles(t *testing.T) {
	for _, tt := range []struct {
		name                        string
		files                       map[string]string
		cpu, kernel, virt, governor string
	}{
		{"nothing", nil, results.Unknown, results.Unknown, results.Unknown, results.Unknown},
		{"bare metal", map[string]string{
			"proc/cpuinfo":                                         "processor\t: 0\nmodel name\t: Intel(R)  Xeon(R) CPU\nflags\t\t: fpu sse2\n\nprocessor\t: 1\n",
			"proc/sys/kernel/osrelease":                            "6.18.44\n",
			"sys/class/dmi/id/sys_vendor":                          "Amazon EC2\n",
			"sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "performance\n",
		}, "Intel(R) Xeon(R) CPU", "6.18.44", "none", "performance"},
		{"microvm", map[string]string{"proc/cpuinfo": "model name\t: AMD EPYC\nflags\t: fpu hypervisor\n"}, "AMD EPYC", results.Unknown, "vm", results.Unknown},
		{"kvm", map[string]string{"proc/cpuinfo": "flags\t: hypervisor\n", "sys/class/dmi/id/sys_vendor": "QEMU\n"}, results.Unknown, results.Unknown, "qemu", results.Unknown},
		{"xen", map[string]string{"sys/hypervisor/type": "xen\n"}, results.Unknown, results.Unknown, "xen", results.Unknown},
		{"arm", map[string]string{"proc/cpuinfo": "CPU implementer\t: 0x41\nCPU part\t: 0xd0c\n"}, "0x41 0xd0c", results.Unknown, results.Unknown, results.Unknown},
	} {
		root := files(tt.files)
		got := []string{cpuModel(root), kernel(root), virt(root), governor(root)}
		if diff := cmp.Diff([]string{tt.cpu, tt.kernel, tt.virt, tt.governor}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// Every key that comparing asks for is there, and can be written.
func TestMachine(t *testing.T) {
	header := Machine()
	if _, err := results.NewWriter(io.Discard, header); err != nil {
		t.Error(err)
	}
	var keys []string
	for _, f := range header.Facts() {
		keys = append(keys, f.Key)
	}
	want := []string{"goos", "goarch", "cpu", "go", "goexperiment", "goamd64", "tags", "cores", "gogc", "gomemlimit", "kernel", "virt", "governor"}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

func TestGoVersion(t *testing.T) {
	for _, tt := range []struct{ in, version, experiment string }{
		{"go1.26.8", "go1.26.8", "none"},
		{"go1.26.8 X:jsonv2,greenteagc", "go1.26.8", "jsonv2,greenteagc"},
		{"devel go1.27-abc Mon Nov 23", "devel go1.27-abc Mon Nov 23", "none"},
	} {
		if v, x := goVersion(tt.in); v != tt.version || x != tt.experiment {
			t.Errorf("%s: got %q and %q, want %q and %q", tt.in, v, x, tt.version, tt.experiment)
		}
	}
}

func TestLoad(t *testing.T) {
	before := readLoad(files(map[string]string{"proc/loadavg": "0.98 0.59 0.27 1/89 10572\n",
		"proc/stat": "cpu  100 0 50 800 40 0 6 4 30 0\ncpu0 1 2 3\n"}))
	after := readLoad(files(map[string]string{"proc/stat": "cpu  150 0 60 820 40 0 6 24 40 0\n"}))
	if before.Average != "0.98" || after.Average != results.Unknown {
		t.Errorf("got load %q and %q, want 0.98 and unknown", before.Average, after.Average)
	}
	if got, want := after.StealSince(before), "20.0 %"; got != want { // 20 of 100 ticks
		t.Errorf("got steal %q, want %q", got, want)
	}
	for name, l := range map[string]Load{
		"backwards":  before,
		"no files":   readLoad(files(nil)),
		"not a cpu":  readLoad(files(map[string]string{"proc/stat": "intr 1 2 3 4 5 6 7 8 9\n"})),
		"no numbers": readLoad(files(map[string]string{"proc/stat": "cpu a b c d e f g h\n"})),
	} {
		if got := l.StealSince(after); got != results.Unknown {
			t.Errorf("%s: got steal %q, want unknown", name, got)
		}
	}
}
