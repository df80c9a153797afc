package rule

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Code is the stable word for a kind of [Problem].
type Code string

// What can be wrong with a definition.
const (
	CodeBadSchema    Code = "bad_schema"       // a declaration of the schema
	CodeNoExpr       Code = "no_expression"    // the zero Expr, or an expression without a field
	CodeOtherSchema  Code = "other_schema"     // a field of another schema
	CodeUnknownField Code = "unknown_field"    // no such field in the schema
	CodeUnknownFunc  Code = "unknown_function" // no such function in that version
	CodeUnknownOp    Code = "unknown_operator" // the type of the field has no such operator
	CodeEmptyList    Code = "empty_list"       // a list or a junction without members
	CodeBadValue     Code = "bad_value"        // an argument outside its range
	CodeBadText      Code = "bad_text"         // not valid UTF-8, or with a NUL
	CodeBadZone      Code = "bad_zone"         // no zone of the tz database
	CodeTextTooLong  Code = "text_too_long"    // over MaxText bytes
	CodeListTooLong  Code = "list_too_long"    // over MaxList members
	CodeTooDeep      Code = "too_deep"         // over MaxDepth
	CodeTooManyNodes Code = "too_many_nodes"   // over MaxNodes
	CodeTooLarge     Code = "too_large"        // over MaxBytes of JSON
	CodeSyntax       Code = "syntax"           // not JSON
	CodeTrailing     Code = "trailing_bytes"   // something follows the rule
	CodeDuplicateKey Code = "duplicate_key"    // a key twice in one object
	CodeUnknownKey   Code = "unknown_key"      // a key that the grammar does not have there
	CodeMissingKey   Code = "missing_key"      // a key that the grammar asks for
	CodeWrongType    Code = "wrong_type"       // another kind of JSON value than the grammar asks for
	CodeFormat       Code = "unknown_format"   // an envelope of another format
	CodeSchema       Code = "wrong_schema"     // a rule of another schema
	CodeVersion      Code = "newer_version"    // a rule of a later version of the schema
	CodeNoMigration  Code = "no_migration"     // a rule of an earlier version that nothing brings along
	CodeMigration    Code = "failed_migration" // a migration refused or returned something else than a node
)

// The limits of a definition, in Go and in JSON alike.
const (
	MaxBytes = 64 << 10 // of JSON
	MaxDepth = 32       // of nodes; a single condition has depth 1
	MaxNodes = 500
	MaxList  = 1000
	MaxText  = 256 // bytes
	MaxDays  = 36600
)

// Problem is one thing wrong with a definition.
type Problem struct {
	Code   Code   `json:"code"`
	Path   string `json:"path"`   // JSON Pointer, relative to the rule
	Offset int    `json:"offset"` // byte offset in the JSON, -1 for a rule made in Go
	Detail string `json:"detail"`
}

// String returns the problem as one line.
func (p Problem) String() string {
	s := string(p.Code)
	if p.Path != "" {
		s = p.Path + ": " + s
	}
	if p.Offset >= 0 {
		s += " at byte " + strconv.Itoa(p.Offset)
	}
	if p.Detail != "" {
		s += ": " + p.Detail
	}
	return s
}

// DefinitionError lists everything that is wrong with a definition, in the order of the rule.
type DefinitionError struct{ Problems []Problem }

// Error returns all problems, separated by semicolons.
func (e *DefinitionError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return "rule: " + strings.Join(lines, "; ")
}

// Problems returns the problems of an error of this package, nil if there are none in it.
func Problems(err error) []Problem {
	if e, ok := errors.AsType[*DefinitionError](err); ok {
		return e.Problems
	}
	return nil
}

func definitionError(ps []Problem) error {
	if len(ps) == 0 {
		return nil
	}
	return &DefinitionError{ps}
}

// place is a position in a rule, linked to the position above it. It becomes text only where it is needed.
type place struct {
	above *place
	key   string
	index int // of a list; -1 where the position has a key
}

func (p *place) at(key string) *place { return &place{above: p, key: key, index: -1} }
func (p *place) item(i int) *place    { return &place{above: p, index: i} }

// String returns the position as a JSON Pointer.
func (p *place) String() string {
	if p == nil {
		return ""
	}
	key := p.key
	if p.index >= 0 {
		key = strconv.Itoa(p.index)
	}
	return p.above.String() + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

func (p *place) problem(code Code, format string, args ...any) Problem {
	return Problem{Code: code, Path: p.String(), Offset: -1, Detail: fmt.Sprintf(format, args...)}
}

// kid returns the place of the i-th child of a node.
func (p *place) kid(n *Node, i int) *place {
	switch n.Kind {
	case KindNot:
		return p.at("not")
	case KindOrElse:
		return p.at("or_else").at("rule")
	default:
		return p.at(string(n.Kind)).item(i)
	}
}
