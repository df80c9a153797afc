// Package layers holds one test: the rules of who may import whom.
package layers

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/regulars-go/regulars"

var rooms = []string{"rfm", "tiers", "points", "tags", "campaign"}

// file is one Go source file of the root module: the folder it is in, and what it imports.
type file struct {
	name, dir string
	test      bool
	imports   []string
}

// forbidden says why a file may not import a path; "" means it may.
func forbidden(f file, imported string) string {
	room, _, _ := strings.Cut(f.dir, "/")
	own, ours := strings.CutPrefix(imported, module+"/")
	switch {
	case ours && strings.HasPrefix(own, "internal/"):
		return ""
	case ours && !slices.Contains(rooms, room):
		return "only the five packages may be built on one another's children"
	case ours && own != room && !strings.HasPrefix(own, room+"/"):
		return "it is a sibling: the five packages never import each other"
	case ours, !strings.Contains(strings.Split(imported, "/")[0], "."): // the standard library
		return ""
	case imported == "github.com/shopspring/decimal":
		return ""
	case strings.HasPrefix(imported, "github.com/stretchr/testify/") && f.test:
		return ""
	}
	return "the root module imports the standard library and decimal only (testify in _test.go files)"
}

func TestLayers(t *testing.T) {
	files := sources(t, "../..")
	require.NotEmpty(t, files)
	for _, f := range files {
		for _, imported := range f.imports {
			if why := forbidden(f, imported); why != "" {
				t.Errorf("%s imports %s: %s", f.name, imported, why)
			}
		}
		assert.NotEqual(t, ".", f.dir, "%s: no package at the module root", f.name)
	}
}

func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		dir, imported string
		test, ok      bool
	}{
		{"rfm", "time", false, true},
		{"rfm", "github.com/shopspring/decimal", false, true},
		{"rfm", module + "/internal/civil", false, true},
		{"rfm", module + "/tiers", false, false},
		{"rfm", module + "/tiers", true, false},
		{"campaign", module + "/campaign/rule", false, true},
		{"campaign/rule", module + "/campaign", false, true},
		{"campaign/rule", module + "/tags", false, false},
		{"internal/civil", module + "/rfm", false, false},
		{"points/pointstest", module + "/points", false, true},
		{"points/pointstest", "github.com/stretchr/testify/assert", false, false},
		{"points", "github.com/stretchr/testify/assert", true, true},
		{"points", "github.com/stretchr/testify/assert", false, false},
		{"points", "golang.org/x/exp/maps", false, false},
	} {
		assert.Equal(t, c.ok, forbidden(file{dir: c.dir, test: c.test}, c.imported) == "", "%+v", c)
	}
}

// sources reads the import lists of the module at root, leaving out the modules nested in it.
func sources(t *testing.T, root string) []file {
	t.Helper()
	var files []file
	require.NoError(t, filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if rel == "examples" || rel != "." && strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		f := file{name: rel, dir: path.Dir(rel), test: strings.HasSuffix(name, "_test.go")}
		for _, s := range parsed.Imports {
			p, err := strconv.Unquote(s.Path.Value)
			if err != nil {
				return err
			}
			f.imports = append(f.imports, p)
		}
		files = append(files, f)
		return nil
	}))
	return files
}
