"""The calls of class Actwright, by what they are about; each module is a mixin."""
