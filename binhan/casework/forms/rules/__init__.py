"""What a questionnaire may ask and how, and whether answers belong to it. Pure: text comes in, findings go out."""
