"""Video rooms of appointments: the database decides who may enter, Python signs."""
