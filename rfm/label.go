package rfm

import (
	"fmt"
	"strings"
)

// label is what one value of an enumeration is called: by programs, and by people in two languages.
type label struct{ word, english, chinese string }

func word[T ~uint8](labels []label, kind string, v T) string {
	if int(v) >= len(labels) {
		return fmt.Sprintf("%s(%d)", kind, uint8(v))
	}
	return labels[v].word
}

func text[T ~uint8](labels []label, v T, lang string) string {
	switch {
	case int(v) >= len(labels):
		return fmt.Sprintf("(%d)", uint8(v))
	case chinese(lang):
		return labels[v].chinese
	default:
		return labels[v].english
	}
}

func chinese(lang string) bool { return lang == "zh" || strings.HasPrefix(lang, "zh-") }

func marshalWord[T ~uint8](labels []label, kind string, v T) ([]byte, error) {
	if int(v) >= len(labels) {
		return nil, fmt.Errorf("rfm: no %s has the number %d", kind, uint8(v))
	}
	return []byte(labels[v].word), nil
}

func unmarshalWord[T ~uint8](labels []label, kind string, v *T, b []byte) error {
	for i, l := range labels {
		if l.word == string(b) {
			*v = T(i)
			return nil
		}
	}
	return fmt.Errorf("rfm: no %s is called %q", kind, b)
}
