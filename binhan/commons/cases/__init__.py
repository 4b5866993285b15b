"""Cases: owns what every noun with a lifecycle shares – the columns that say where it stands, one move, one refusal, one
way to be late, one page of buttons. It knows no noun; each names its own table of moves when it calls."""
