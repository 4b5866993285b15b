/** The office pages' own script: the map of doors. Everything else on those pages works without it. */
import "./turf-map";
import "./coverage-map";
