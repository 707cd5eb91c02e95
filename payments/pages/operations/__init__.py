"""What managers and finance do with periods, payouts and bank files."""
