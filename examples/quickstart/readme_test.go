package quickstart_test

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "copy the programs into the README files")

// TestReadme holds the programs in the README files to those that the tests run.
func TestReadme(t *testing.T) {
	for _, c := range []struct{ mark, file, function string }{
		{"quickstart", "quickstart_test.go", "Example"},
		{"play", "play_test.go", "TestHousePolicy"},
	} {
		code := source(t, c.file, c.function)
		for _, readme := range []string{"../../README.md", "../../README.zh-CN.md"} {
			text, err := os.ReadFile(readme)
			require.NoError(t, err)
			block := regexp.MustCompile("(?s)<!-- " + c.mark + " -->\n```go\n(.*?)```\n<!-- /" + c.mark + " -->")
			found := block.FindSubmatchIndex(text)
			require.NotNil(t, found, "%s has no block %q", readme, c.mark)
			if *update {
				changed := string(text[:found[2]]) + code + string(text[found[3]:])
				require.NoError(t, os.WriteFile(readme, []byte(changed), 0o600))
				continue
			}
			assert.Equal(t, code, string(text[found[2]:found[3]]), "%s is out of date: run go test -update", readme)
		}
	}
}

// source returns a function as it stands in a file; of an example its body.
func source(t *testing.T, file, function string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, data, 0)
	require.NoError(t, err)
	for _, d := range parsed.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Name.Name != function {
			continue
		}
		from, to := files.Position(f.Pos()).Offset, files.Position(f.End()).Offset
		if !strings.HasPrefix(function, "Example") {
			return string(data[from:to]) + "\n"
		}
		body := strings.Trim(string(data[files.Position(f.Body.Lbrace).Offset+1:to-1]), "\n")
		return regexp.MustCompile(`(?m)^\t`).ReplaceAllString(body, "") + "\n"
	}
	require.Fail(t, "no function", "%s in %s", function, file)
	return ""
}
