"""What leaders read: boards, periods, documents, exports."""
