package main

import (
	"errors"
	"regexp"
	"strings"
	"time"
)

// Offsets end at 23:59 here, where time.Parse takes 24:00 too.
var rfc3339 = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$`)

var errNoTimestamp = errors.New("not an RFC 3339 timestamp")

// An Instant is UTC text to nine decimals of a second, always of the same length: it sorts as the instants do, in Go
// and in MongoDB, whose own dates know milliseconds only.
type Instant string

// parseInstant understands an RFC 3339 timestamp with any offset.
func parseInstant(text string) (Instant, error) {
	match := rfc3339.FindStringSubmatch(text)
	if match == nil {
		return "", errNoTimestamp
	}
	date, clock, second, fraction, zone := match[1], match[2], match[3], match[4], strings.ToUpper(match[5])
	// A leap second is the one after :59; what follows the minute needs no offset.
	moment, err := time.Parse("2006-01-02T15:04Z07:00", date+"T"+clock+zone)
	if err != nil || second > "60" {
		return "", errNoTimestamp
	}
	moment = moment.UTC()
	if moment.Year() < 0 || moment.Year() > 9999 {
		return "", errNoTimestamp
	}
	nine := (fraction + "000000000")[:9]
	return Instant(moment.Format("2006-01-02T15:04:") + second + "." + nine), nil
}

// parseUTC understands a timestamp of a request, which has to be in UTC and to say so.
func parseUTC(text string) (Instant, error) {
	if !strings.HasSuffix(text, "Z") && !strings.HasSuffix(text, "+00:00") {
		return "", errNoTimestamp
	}
	return parseInstant(text)
}

// Day is the date as the folders of an object's key.
func (instant Instant) Day() string { return strings.ReplaceAll(string(instant[:10]), "-", "/") }
