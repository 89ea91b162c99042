package codegen

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/wirecost/wirecost/schemas"
)

// Folder returns the code of all schemas in a folder, *.avsc, by path from the folder of its package, which has the import
// path and the name given. A schema called family.Name.avsc gives files that begin with family_name and types that begin
// with Family.
func Folder(dir, importPath, pkgName string) (map[string][]byte, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.avsc"))
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{}
	for _, name := range names {
		s, err := schemas.Load(name, "")
		if err != nil {
			return nil, err
		}
		base := strings.TrimSuffix(filepath.Base(name), ".avsc")
		o := Options{Package: importPath, Name: pkgName, File: snake(base)}
		if family, _, ok := strings.Cut(base, "."); ok {
			o.Prefix = exported(family)
		}
		files, err := Generate(s, o)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for file := range files {
			if all[file] != nil {
				return nil, fmt.Errorf("%s: another schema gives the file %s too", name, file)
			}
		}
		maps.Copy(all, files)
	}
	return all, nil
}

// Write writes files below dir.
func Write(dir string, files map[string][]byte) error {
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(name, text, 0o666); err != nil {
			return err
		}
	}
	return nil
}
