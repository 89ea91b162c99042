package build

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// sections are what a program is: its code and its data. The table of line numbers is not among them, nor what points into it:
// a comment moves lines.
var sections = []string{".text", ".rodata", ".typelink", ".itablink", ".noptrdata", ".data", ".bss", ".noptrbss"}

// Same reports whether two test binaries, linked with one seed, are the same program. What is no 64-bit ELF file is taken for
// different.
func Same(a, b string) (bool, error) {
	x, err := os.ReadFile(a)
	if err != nil {
		return false, err
	}
	y, err := os.ReadFile(b)
	if err != nil {
		return false, err
	}
	p, q := sectionsOf(x), sectionsOf(y)
	if p[".text"].bytes == nil || q[".text"].bytes == nil {
		return false, nil
	}
	for _, name := range sections {
		if s, t := p[name], q[name]; s.addr != t.addr || s.size != t.size || !bytes.Equal(s.bytes, t.bytes) {
			return false, nil
		}
	}
	return true, nil
}

// A section is a part of a program. One that has no bytes in the file is zero at the start.
type section struct {
	addr, size uint64
	bytes      []byte
}

// The parts of an ELF64 header that are read here, by their offset.
const (
	elfMagic       = "\x7fELF\x02\x01" // 64 bits, little-endian
	elfHeader      = 64
	elfTable       = 0x28 // where the section headers are
	elfEntries     = 0x3c // how many
	elfNames       = 0x3e // which of them has the names
	elfEntry       = 64   // size of each
	elfNoBits      = 8    // type of a section without bytes in the file
	elfSectionType = 4
)

// sectionsOf returns the sections of an ELF file by name, none if it is not one that can be read.
//
// Note: debug/elf would do, and add 0.5 MB of decompression to a program that is installed for each build.
func sectionsOf(file []byte) map[string]section {
	if len(file) < elfHeader || string(file[:len(elfMagic)]) != elfMagic {
		return nil
	}
	table, entries := binary.LittleEndian.Uint64(file[elfTable:]), uint64(binary.LittleEndian.Uint16(file[elfEntries:]))
	if table > uint64(len(file)) || uint64(len(file))-table < entries*elfEntry {
		return nil
	}
	header := func(i uint64) []byte { return file[table+i*elfEntry:][:elfEntry] }
	names := uint64(binary.LittleEndian.Uint16(file[elfNames:]))
	if names >= entries {
		return nil
	}
	text := contentOf(file, header(names)).bytes
	found := map[string]section{}
	for i := range entries {
		at := uint64(binary.LittleEndian.Uint32(header(i)))
		if at >= uint64(len(text)) {
			continue
		}
		if name, _, ok := bytes.Cut(text[at:], []byte{0}); ok {
			found[string(name)] = contentOf(file, header(i))
		}
	}
	return found
}

// contentOf reads what a section header is about.
func contentOf(file, header []byte) section {
	s := section{addr: binary.LittleEndian.Uint64(header[0x10:]), size: binary.LittleEndian.Uint64(header[0x20:])}
	offset := binary.LittleEndian.Uint64(header[0x18:])
	if binary.LittleEndian.Uint32(header[elfSectionType:]) == elfNoBits || offset > uint64(len(file)) || s.size > uint64(len(file))-offset {
		return s
	}
	s.bytes = file[offset:][:s.size]
	return s
}

// SameData reports whether the files in the folders named testdata are equal in two modules: benchmarks read them.
func SameData(a, b string) (bool, error) {
	x, err := dataFiles(a)
	if err != nil {
		return false, err
	}
	y, err := dataFiles(b)
	if err != nil || len(x) != len(y) {
		return false, err
	}
	for i, name := range x {
		if y[i] != name {
			return false, nil
		}
		p, err := os.ReadFile(filepath.Join(a, name))
		if err != nil {
			return false, err
		}
		q, err := os.ReadFile(filepath.Join(b, name))
		if err != nil || !bytes.Equal(p, q) {
			return false, err
		}
	}
	return true, nil
}

// dataFiles lists the files below folders named testdata, in order.
func dataFiles(module string) (names []string, err error) {
	err = filepath.WalkDir(module, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(module, path)
		switch {
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules"):
			return filepath.SkipDir
		case d.Type().IsRegular() && strings.Contains("/"+filepath.ToSlash(name), "/testdata/"):
			names = append(names, name)
		}
		return nil
	})
	return names, err
}
