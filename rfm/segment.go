package rfm

// Segment is a named group of scores.
type Segment struct {
	// Key is the stable name that code and databases use: lower case with underscores.
	Key string `json:"key"`
	// EN and ZH are the labels people read.
	EN string `json:"en"`
	ZH string `json:"zh"`
}

// Text returns the label in a language, "en" or "zh"; any other language gives English, and a missing label the key.
func (s Segment) Text(lang string) string {
	label := s.EN
	if chinese(lang) {
		label = s.ZH
	}
	if label == "" {
		return s.Key
	}
	return label
}
