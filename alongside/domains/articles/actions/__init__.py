"""The verbs in one list: categories, articles, their texts in each language, their pictures, and who reads them."""

from alongside.domains.articles.actions.articles import create_article as create_article
from alongside.domains.articles.actions.articles import delete_article as delete_article
from alongside.domains.articles.actions.articles import edit_article as edit_article
from alongside.domains.articles.actions.articles import order_articles as order_articles
from alongside.domains.articles.actions.categories import create_category as create_category
from alongside.domains.articles.actions.categories import delete_category as delete_category
from alongside.domains.articles.actions.categories import edit_category as edit_category
from alongside.domains.articles.actions.categories import order_categories as order_categories
from alongside.domains.articles.actions.pictures import add_picture as add_picture
from alongside.domains.articles.actions.pictures import remove_cover as remove_cover
from alongside.domains.articles.actions.pictures import set_cover as set_cover
from alongside.domains.articles.actions.reading import count_reading as count_reading
from alongside.domains.articles.actions.texts import delete_text as delete_text
from alongside.domains.articles.actions.texts import publish as publish
from alongside.domains.articles.actions.texts import save_text as save_text
from alongside.domains.articles.actions.texts import unpublish as unpublish
