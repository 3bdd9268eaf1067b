"""What is public: published figures of indicators that say so, for everybody, in open formats."""
