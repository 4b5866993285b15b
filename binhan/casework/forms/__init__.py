"""Questionnaires of a round: an XLSForm is taken whole or refused with the reason; answers come with a visit."""
