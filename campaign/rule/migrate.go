package rule

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Migration rewrites one condition, given and returned as JSON, from one version of a schema to the
// next. It may return the condition as it is, another one, or a whole node.
type Migration func(condition json.RawMessage) (json.RawMessage, error)

// Migrate says how the conditions of a rule stored under version from read in version from+1. A stored
// rule goes through the steps from its version to the schema's; where one is missing it is refused.
func (s *Schema[C]) Migrate(from int, step Migration) {
	switch {
	case from < 1 || from >= s.version:
		s.problem(CodeBadSchema, "migration from version %d: the schema is at version %d", from, s.version)
	case step == nil || s.migrations[from] != nil:
		s.problem(CodeBadSchema, "migration from version %d is empty or declared twice", from)
	}
	s.migrations[from] = step
}

// RenameField is the migration that gives a field another name.
func RenameField(before, after string) Migration {
	return func(condition json.RawMessage) (json.RawMessage, error) {
		v, p := readJSON(string(condition))
		if p != nil {
			return nil, fmt.Errorf("rule: %v", *p)
		}
		if name := v.get("field"); name != nil && name.text == before {
			renamed := appendString(slices.Clone(condition[:name.start]), after)
			return append(renamed, condition[name.start+len(name.raw):]...), nil
		}
		return condition, nil
	}
}

// migrate brings the conditions of a rule from one version of the schema to another, in place. What is
// wrong with a migrated condition is reported where the stored one stands.
func migrate(steps map[int]Migration, root *value, from, to int) *Problem {
	budget := MaxBytes
	for v := from; v < to; v++ {
		if steps[v] == nil {
			p := (*place)(nil).at("schema_version").problem(CodeNoMigration, "no migration from version %d to %d", v, v+1)
			p.Offset = root.start
			return &p
		}
		if p := root.migrate(steps[v], nil, &budget); p != nil {
			return p
		}
	}
	return nil
}

func (v *value) migrate(step Migration, p *place, budget *int) *Problem {
	if v.get("field") == nil && v.get("func") == nil {
		for i, kid := range v.kids {
			at := p.item(i)
			if v.kind == '{' {
				at = p.at(v.keys[i])
			}
			if problem := kid.migrate(step, at, budget); problem != nil {
				return problem
			}
		}
		return nil
	}
	fail := func(code Code, detail string) *Problem {
		problem := p.problem(code, "%s", detail)
		problem.Offset = v.start
		return &problem
	}
	out, err := step(json.RawMessage(v.raw))
	if err != nil {
		return fail(CodeMigration, err.Error())
	}
	if *budget -= len(out); *budget < 0 {
		return fail(CodeTooLarge, "the migrated rule is too large")
	}
	made, problem := readJSON(string(out))
	if problem != nil {
		return fail(CodeMigration, problem.String())
	}
	made.moveTo(v.start)
	*v = *made
	return nil
}

// moveTo says that a value and all in it stand at an offset.
func (v *value) moveTo(start int) {
	v.start = start
	for _, k := range v.kids {
		k.moveTo(start)
	}
}
