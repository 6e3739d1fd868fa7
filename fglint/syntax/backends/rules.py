"""Lark's trees: rules that consist of rules and tokens.

The positions of rules include line breaks that follow them, so all ranges come from tokens.
"""

from __future__ import annotations

from lark import Token, Tree

Rule = Tree[Token]
Piece = Rule | Token


def pieces_of(rule: Rule) -> list[Piece]:
    """What a rule consists of, without line breaks."""
    return [
        piece
        for piece in rule.children
        if isinstance(piece, Token) or piece.data != "new_line_or_comment"
    ]


def rules_of(rule: Rule) -> list[Rule]:
    """The rules directly below a rule, without line breaks."""
    return [piece for piece in pieces_of(rule) if isinstance(piece, Tree)]


def tokens_of(rule: Rule) -> list[Token]:
    """The tokens directly below a rule."""
    return [piece for piece in rule.children if isinstance(piece, Token)]


def start_of(token: Token) -> int:
    """The offset at which a token begins."""
    assert token.start_pos is not None, "a lexer's token has positions"
    return token.start_pos


def end_of(token: Token) -> int:
    """The offset at which a token has ended."""
    assert token.end_pos is not None, "a lexer's token has positions"
    return token.end_pos
