package measure

import (
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
)

// Machine returns the part of the header that the machine and the build say: what must be equal for times to be
// comparable. What cannot be read is results.Unknown. The workers are expected to be the same build.
func Machine() results.Header { return machine(os.DirFS("/")) }

func machine(root fs.FS) results.Header {
	version, experiment := goVersion(runtime.Version())
	return results.Header{
		GOOS:        runtime.GOOS,
		GOARCH:      runtime.GOARCH,
		CPU:         cpuModel(root),
		Go:          version,
		Experiment:  experiment,
		GOAMD64:     buildSetting("GOAMD64"),
		Tags:        buildSetting("-tags"),
		Cores:       strconv.Itoa(Processors()),
		GOGC:        "100",
		MemoryLimit: "off",
		Kernel:      kernel(root),
		Virt:        virt(root),
		Governor:    governor(root),
	}
}

// goVersion splits what runtime.Version returns: "go1.26.8 X:jsonv2,nogreenteagc".
func goVersion(v string) (version, experiment string) {
	version, experiment, ok := strings.Cut(v, " X:")
	if !ok {
		return v, "none"
	}
	return version, experiment
}

func buildSetting(key string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return results.Unknown
	}
	for _, s := range info.Settings {
		if s.Key == key && s.Value != "" {
			return s.Value
		}
	}
	return "none"
}

// cpuModel returns the processor's name, or on processors that have none the numbers of its maker and part.
func cpuModel(root fs.FS) string {
	info := readText(root, "proc/cpuinfo")
	if model := colonField(info, "model name"); model != "" {
		return model
	}
	maker, part := colonField(info, "CPU implementer"), colonField(info, "CPU part")
	if maker == "" || part == "" {
		return results.Unknown
	}
	return maker + " " + part
}

func kernel(root fs.FS) string { return orUnknown(readText(root, "proc/sys/kernel/osrelease")) }

// virt returns the kind of virtual machine, "vm" where it does not say, and "none" on bare metal.
func virt(root fs.FS) string {
	for _, file := range []string{"sys/hypervisor/type", "sys/class/dmi/id/sys_vendor"} {
		name := readText(root, file)
		for _, known := range []string{"xen", "kvm", "qemu", "amazon", "google", "microsoft", "vmware", "virtualbox"} {
			if strings.Contains(strings.ToLower(name), known) && underHypervisor(root) {
				return known
			}
		}
	}
	switch {
	case underHypervisor(root):
		return "vm"
	case colonField(readText(root, "proc/cpuinfo"), "flags") != "":
		return "none"
	}
	return results.Unknown
}

// underHypervisor reports what the processor says of itself.
func underHypervisor(root fs.FS) bool {
	flags := strings.Fields(colonField(readText(root, "proc/cpuinfo"), "flags"))
	for _, f := range flags {
		if f == "hypervisor" {
			return true
		}
	}
	return readText(root, "sys/hypervisor/type") != ""
}

// governor returns how the clock rate is chosen, of the first core: on the machines at hand all have the same.
func governor(root fs.FS) string {
	return orUnknown(readText(root, "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"))
}

// colonField returns the value of the first "key : value" line.
func colonField(text, key string) string {
	for line := range strings.Lines(text) {
		k, v, _ := strings.Cut(line, ":")
		if strings.TrimSpace(k) == key {
			return results.OneLine(v)
		}
	}
	return ""
}

// readText returns a file's text with spaces around it removed, "" if it cannot be read.
func readText(root fs.FS, name string) string {
	b, err := fs.ReadFile(root, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func orUnknown(s string) string {
	if s = results.OneLine(s); s == "" {
		return results.Unknown
	}
	return s
}
